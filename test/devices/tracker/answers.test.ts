import { describe, expect, test } from 'vitest'
import type { GetAnswer } from '../fake-cloud.ts'
import { ask, booted, connected, download, GETS, TrackerBench, update } from './fixture.ts'

describe('the cloud refuses an update (devices.md §1.3, step 7)', () => {
  test('the start: it waits to be told, and asks for nothing', async () => {
    const bench = new TrackerBench()
    bench.updates.push('reject')
    bench.queue()
    bench.at(50, () => bench.notifyNext())
    await bench.run(56)
    expect(bench.sent().slice(3)).toEqual([
      ask(0),
      update(0, 'IN_PROGRESS', 1),
      update(50, 'IN_PROGRESS', 1),
      ...download(50),
      update(55, 'SUCCEEDED', 2),
      '55 DISCONNECT',
    ])
    expect(bench.times('settled')).toEqual([0])
  })

  test('SUCCEEDED: no reboot; the image stays scheduled and starts at the next one, whatever its reason', async () => {
    const bench = new TrackerBench()
    bench.onUpdate = (status) => {
      if (status === 'SUCCEEDED') bench.cancel()
    }
    bench.queue()
    bench.cutPower(bench.board, 100, 10)
    await bench.run(200)
    expect(bench.sent().slice(4)).toEqual([
      update(0, 'IN_PROGRESS', 1),
      ...download(0),
      update(5, 'SUCCEEDED', 2),
      ask(5),
      '100 GONE',
      ...booted(110, '1.0.1'),
      ask(110),
    ])
    expect(bench.told('reported')).toEqual([{ type: 'reported', update: 'job', status: 'SUCCEEDED', accepted: false }])
    expect(bench.times('settled')).toEqual([5])
    expect(bench.told('running')).toEqual([
      { type: 'running', version: '1.0.0' },
      { type: 'running', version: '1.0.1' },
    ])
  })

  test('FAILED: it goes on all the same', async () => {
    const bench = new TrackerBench()
    bench.updates.push('accept', 'reject', 'accept')
    bench.cloud.gets.push((good) => ({ ...good, status: 500 }))
    bench.queue()
    await bench.run(6)
    // The fake service still has the job, at version 2.
    expect(bench.sent().slice(4)).toEqual([
      update(0, 'IN_PROGRESS', 1),
      `0 ${GETS[0]}`,
      update(0, 'FAILED', 2),
      ask(0),
      update(0, 'IN_PROGRESS', 2),
      ...download(0),
      update(5, 'SUCCEEDED', 3),
      '5 DISCONNECT',
    ])
  })
})

describe('what comes while it is busy is dropped', () => {
  test('a cancel while it downloads goes unnoticed; the final update is refused', async () => {
    const bench = new TrackerBench({ link: { latency: 1000, jitter: 0, loss: 0, offline: [] } })
    bench.queue()
    bench.at(20, () => bench.cancel())
    await bench.run(100)
    const said = bench.sent().filter((line) => /update|\$next\/get /.test(line) && !line.includes('shadow'))
    expect(said.map((line) => line.replace(/^[\d.]+ PUBLISH q1 /, '').slice(0, 40))).toEqual([
      'T/jobs/$next/get {"clientToken": ""}',
      'T/jobs/job/update {"status":"IN_PROGRESS',
      'T/jobs/job/update {"status":"SUCCEEDED",',
      'T/jobs/$next/get {"clientToken": ""}',
    ])
    expect(bench.told('reported')).toEqual([{ type: 'reported', update: 'job', status: 'SUCCEEDED', accepted: false }])
  })

  test('four duplicate notifications start one download', async () => {
    const bench = new TrackerBench()
    bench.at(10, () => {
      bench.queue()
      for (let i = 0; i < 4; i++) bench.notifyNext()
    })
    await bench.run(60)
    expect(bench.told('picked-up')).toHaveLength(1)
    expect(bench.told('reported')).toMatchObject([{ status: 'SUCCEEDED', accepted: true }])
  })

  test('a job that arrives while it waits for an answer is asked for again afterwards', async () => {
    const bench = new TrackerBench()
    bench.onUpdate = (status) => {
      if (status !== 'FAILED') return
      bench.queue('two')
      bench.notifyNext()
    }
    bench.cloud.gets.push((good) => ({ ...good, status: 500 }))
    bench.queue('one')
    await bench.run(1)
    expect(bench.sent().slice(4)).toEqual([
      update(0, 'IN_PROGRESS', 1, 'one'),
      `0 ${GETS[0]}`,
      update(0, 'FAILED', 2, 'one'),
      ask(0),
      update(0, 'IN_PROGRESS', 1, 'two'),
      ...download(0),
    ])
  })
})

describe('a lost link', () => {
  test('while it waits: a new connection, and $next once more', async () => {
    const bench = new TrackerBench()
    bench.at(10, () => bench.cloud.drop())
    await bench.run(60)
    expect(bench.sent()).toEqual([...booted(0, '1.0.0'), ask(0), ...connected(10), ask(10)])
    expect(bench.told('disconnected')).toEqual([{ type: 'disconnected', reason: 'closed' }])
  })

  test('before the start is answered: $next gives the job again', async () => {
    const bench = new TrackerBench()
    bench.updates.push('silence')
    bench.queue()
    bench.at(10, () => bench.cloud.drop())
    await bench.run(16)
    expect(bench.sent().slice(4)).toEqual([
      update(0, 'IN_PROGRESS', 1),
      ...connected(10),
      ask(10),
      update(10, 'IN_PROGRESS', 1),
      ...download(10),
      update(15, 'SUCCEEDED', 2),
      '15 DISCONNECT',
    ])
    // The same update, picked up again.
    expect(bench.told('picked-up')).toHaveLength(2)
  })

  test('while it downloads: the download goes on, and the report goes out after a new connection', async () => {
    const bench = new TrackerBench()
    bench.queue()
    bench.cloud.gets.push('serve', (good) => {
      bench.cloud.drop()
      return good
    })
    await bench.run(6)
    expect(bench.sent().slice(4)).toEqual([update(0, 'IN_PROGRESS', 1), ...download(0), ...connected(5), update(5, 'SUCCEEDED', 2), '5 DISCONNECT'])
  })

  test.each<['SUCCEEDED' | 'FAILED', number, GetAnswer[]]>([
    ['SUCCEEDED', 5, []],
    ['FAILED', 0, [(good) => ({ ...good, status: 500 })]],
  ])('before %s is answered: it is sent again, before anything else', async (status, second, gets) => {
    const bench = new TrackerBench()
    bench.cloud.gets.push(...gets)
    bench.updates.push('accept', 'silence')
    bench.queue()
    bench.at(40, () => bench.cloud.drop())
    await bench.run(41)
    const after = status === 'SUCCEEDED' ? '40 DISCONNECT' : ask(40)
    expect(bench.sent().slice(4 + 1 + (gets.length || 3))).toEqual([update(second, status, 2), ...connected(40), update(40, status, 2), after])
    expect(bench.told('reported')).toHaveLength(1)
  })

  test('again and again: the report is not forgotten', async () => {
    const bench = new TrackerBench()
    bench.updates.push('accept', 'silence', 'silence', 'silence')
    bench.queue()
    for (const second of [20, 30, 40]) bench.at(second, () => bench.cloud.drop())
    await bench.run(70)
    expect(bench.sent().slice(8)).toEqual([
      update(5, 'SUCCEEDED', 2),
      ...connected(20),
      update(20, 'SUCCEEDED', 2),
      ...connected(30),
      update(30, 'SUCCEEDED', 2),
      ...connected(40),
      update(40, 'SUCCEEDED', 2),
      '40 DISCONNECT',
      ...booted(60, '1.0.1'),
      ask(60),
    ])
  })

  test('between the acceptance and its arrival: what is sent again is refused, and the image waits for a reboot', async () => {
    const bench = new TrackerBench()
    bench.onUpdate = (status) => {
      if (status !== 'SUCCEEDED') return
      bench.cloud.drop()
      bench.onUpdate = () => {}
    }
    bench.queue()
    await bench.run(60)
    expect(bench.sent().slice(8)).toEqual([update(5, 'SUCCEEDED', 2), ...connected(5), update(5, 'SUCCEEDED', 2), ask(5)])
    expect(bench.told('reported')).toEqual([{ type: 'reported', update: 'job', status: 'SUCCEEDED', accepted: false }])
    expect(bench.flash.pending).toEqual(bench.published[0])
  })
})
