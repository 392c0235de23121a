import { describe, expect, test } from 'vitest'
import { active, ask, connected, documentFor, failed, OtaBench, status, UP_TO_RESET } from './fixture.ts'

describe('self-test', () => {
  const rejected = (second: number, code: string) => failed(second, `rejected: 0x000000${code}`)

  test.each([
    ['the same version', '0.9.2', '10'],
    ['an older version', '0.9.1', '0f'],
  ])('%s: rejected with its code, and the reset brings the old image back', async (_, version, code) => {
    const bench = new OtaBench({ version })
    bench.queue()
    await bench.run(60)
    expect(bench.sent()).toEqual([...UP_TO_RESET, connected(14), ...ask(14), rejected(14, code), '14 DISCONNECT', connected(24), ...ask(24)])
    expect(bench.told('rolled-back', 'reported')).toEqual([
      { type: 'reported', update: 'AFR_OTA-1', status: 'FAILED', reason: `rejected: 0x000000${code}`, accepted: true },
      { type: 'rolled-back', from: version, to: '0.9.2' },
    ])
  })

  test('the application says no', async () => {
    const bench = new OtaBench({ faults: [{ do: 'fail-self-test' }] })
    bench.queue()
    await bench.run(60)
    expect(bench.sent().slice(UP_TO_RESET.length)).toEqual([
      connected(14),
      ...ask(14),
      active(14),
      rejected(14, '00'),
      '14 DISCONNECT',
      connected(24),
      ...ask(24),
    ])
    expect(bench.flash).toMatchObject({ running: { version: '0.9.2' }, pending: undefined, testing: false })
  })

  test('no answer: the 16 s timer resets the device, and the job stays IN_PROGRESS until the old image finds it', async () => {
    const bench = new OtaBench()
    bench.queue()
    bench.at(12, () => (bench.isSilent = true))
    bench.at(35, () => (bench.isSilent = false))
    await bench.run(70)
    expect(bench.sent().slice(UP_TO_RESET.length)).toEqual([
      connected(14),
      ...ask(14),
      '30 DISCONNECT',
      connected(40),
      ...ask(40),
      // The old image finds itself in a self-test that is not its own.
      rejected(40, '10'),
      '40 DISCONNECT',
      connected(50),
      ...ask(50),
    ])
    expect(bench.told('rolled-back')).toHaveLength(1)
  })

  test('no connection: the timer resets a device that can not be reached, too', async () => {
    const bench = new OtaBench()
    bench.queue()
    bench.onPublish = (topic, payload) => {
      if (topic.endsWith('$next/get') && bench.flash.testing && payload)
        bench.cloud.connects.push(...Array.from({ length: 200 }, () => 'refuse' as const))
      if (topic.endsWith('$next/get') && bench.flash.testing) bench.cloud.drop()
    }
    await bench.run(45)
    expect(bench.told('rolled-back')).toEqual([{ type: 'rolled-back', from: '0.9.3', to: '0.9.2' }])
    expect(bench.events.find(({ type }) => type === 'rolled-back')!.at).toBe(40_000)
    expect(bench.told('reported')).toEqual([])
    expect(bench.jobs[0]!.status).toBe('IN_PROGRESS')
  })

  test('the job is in self-test and the platform is not: ImageStateMismatch', async () => {
    const bench = new OtaBench()
    bench.queue('AFR_OTA-1', documentFor(), { self_test: 'ready', updatedBy: '0x00090001' })
    await bench.run(5)
    expect(bench.sent()).toEqual([
      connected(0),
      ...ask(0),
      status(0, 'IN_PROGRESS', '"self_test":"active","updatedBy":"0x00090002"'),
      rejected(0, '11'),
      '0 DISCONNECT',
    ])
  })

  test('the platform is in self-test and the job is not: reset, and the old image does the update again', async () => {
    const bench = new OtaBench()
    // The word `ready` never arrives.
    bench.onPublish = (_, payload) => {
      if (!payload.includes('ready') || bench.told('rolled-back').length > 0) return
      bench.isSilent = true
      bench.cloud.drop()
    }
    bench.at(5, () => (bench.isSilent = false))
    bench.queue()
    await bench.run(60)
    expect(bench.told('rolled-back', 'reported')).toEqual([
      { type: 'rolled-back', from: '0.9.3', to: '0.9.2' },
      expect.objectContaining({ type: 'reported', status: 'SUCCEEDED' }),
    ])
  })

  test('power is lost in the self-test: PendingCommit does not survive it', async () => {
    const bench = new OtaBench({ faults: [{ do: 'power-loss', during: 'self-test', off: '30s' }] })
    bench.queue()
    await bench.run(120)
    expect(bench.told('rolled-back')).toEqual([{ type: 'rolled-back', from: '0.9.3', to: '0.9.2' }])
    expect(bench.told('reported')).toEqual([expect.objectContaining({ status: 'FAILED', reason: 'rejected: 0x00000010' })])
  })

  test('an image that never comes up is the end', async () => {
    const bench = new OtaBench({ faults: [{ do: 'reboot-loop' }] })
    bench.queue()
    await bench.run(120)
    expect(bench.told('bricked')).toEqual([{ type: 'bricked', reason: 'reboot loop' }])
  })
})
