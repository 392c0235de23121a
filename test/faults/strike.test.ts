import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { FAULTS } from '../../src/faults/all.ts'
import { faultConfig } from '../../src/faults/config.ts'
import type { FaultKind, FaultTarget } from '../../src/ports/faults.ts'
import type { HttpResponse } from '../../src/ports/http.ts'

/** A board that writes down what is done to it. */
class RecordedTarget implements FaultTarget {
  readonly calls: unknown[][] = []
  readonly stages: ((response: HttpResponse) => HttpResponse)[] = []
  tamper(stage: (response: HttpResponse) => HttpResponse): void {
    this.stages.push(stage)
  }
  ignoreHeader(...args: unknown[]): void {
    this.calls.push(['ignoreHeader', ...args])
  }
  slowLink(...args: unknown[]): void {
    this.calls.push(['slowLink', ...args])
  }
  cutLink(...args: unknown[]): void {
    this.calls.push(['cutLink', ...args])
  }
  twin(...args: unknown[]): void {
    this.calls.push(['twin', ...args])
  }
  hang(...args: unknown[]): void {
    this.calls.push(['hang', ...args])
  }
  powerOff(...args: unknown[]): void {
    this.calls.push(['powerOff', ...args])
  }
  refuse(...args: unknown[]): void {
    this.calls.push(['refuse', ...args])
  }
  repeat(...args: unknown[]): void {
    this.calls.push(['repeat', ...args])
  }
  brick(...args: unknown[]): void {
    this.calls.push(['brick', ...args])
  }
  startLater(...args: unknown[]): void {
    this.calls.push(['startLater', ...args])
  }
}

function struck(fault: object, random: () => number = () => 0.5): RecordedTarget {
  const config = faultConfig.parse({ devices: 'trackers', ...fault })
  const kind = FAULTS.find(({ name }) => name === config.do) as FaultKind
  const target = new RecordedTarget()
  kind.strike(target, config, random)
  return target
}

describe('what each fault does to a board', () => {
  test.each<[object, unknown[]]>([
    [{ do: 'slow-link' }, ['slowLink', 10, 600_000]],
    [{ do: 'slow-link', factor: 3, for: '5s' }, ['slowLink', 3, 5000]],
    [{ do: 'lost-connection' }, ['cutLink', 30_000]],
    [{ do: 'lost-connection', for: '2m' }, ['cutLink', 120_000]],
    [{ do: 'ignore-range' }, ['ignoreHeader', 'range']],
    [{ do: 'twin-client' }, ['twin', 60_000]],
    [{ do: 'hang' }, ['hang']],
    [{ do: 'reject' }, ['refuse', 'admission', 'battery low']],
    [{ do: 'reject', reason: 'in use' }, ['refuse', 'admission', 'in use']],
    [{ do: 'fail-install' }, ['refuse', 'install', 'flash write failed']],
    [{ do: 'fail-self-test' }, ['refuse', 'self-test', 'self-test failed']],
    [{ do: 'reboot-loop' }, ['refuse', 'boot', 'reboot loop']],
    [{ do: 'duplicate-notification' }, ['repeat', expect.any(Function), 4]],
    [{ do: 'stuck-download' }, ['refuse', 'download', 'the download never begins', 'restart']],
    [{ do: 'blocked-download' }, ['refuse', 'start', 'download client busy', 'restart']],
    [{ do: 'crash-loop' }, ['refuse', 'update', 'hard fault']],
    [{ do: 'power-loss' }, ['powerOff', 30_000]],
    [{ do: 'power-loss', off: '1h' }, ['powerOff', 3_600_000]],
    [{ do: 'vanish' }, ['powerOff', Infinity]],
    [{ do: 'late-start' }, ['startLater', 600_000]],
    [{ do: 'late-start', by: '1m' }, ['startLater', 60_000]],
  ])('%o', (fault, call) => {
    const target = struck(fault)
    expect(target.calls).toEqual([call])
    expect(target.stages).toEqual([])
  })

  test.each([{ do: 'corrupt-image' }, { do: 'truncated-image' }, { do: 'early-close' }])('%o only looks at responses', (fault) => {
    const target = struck(fault)
    expect([target.calls.length, target.stages.length]).toEqual([0, 1])
  })
})

test('duplicate-notification: of notifications, and of nothing else', () => {
  const [[, isRepeated]] = struck({ do: 'duplicate-notification' }).calls as [[string, (topic: string) => boolean]]
  const topics = ['notify', 'notify-next', '$next/get/accepted', 'job/update/accepted', 'notify-next/x'].map((rest) => `$aws/things/t/jobs/${rest}`)
  expect(topics.map(isRepeated)).toEqual([true, true, false, false, false])
})

test('http-error: so many answers are replaced, and those after them are as they were', () => {
  const good = whole(fileOf(100))
  const [stage] = struck({ do: 'http-error', status: 503, times: 2 }).stages
  expect([1, 2, 3].map(() => stage!(good))).toEqual([
    { status: 503, headers: { 'content-length': '0' }, body: new Uint8Array(0) },
    { status: 503, headers: { 'content-length': '0' }, body: new Uint8Array(0) },
    good,
  ])
})

describe('when each may strike', () => {
  test.each(FAULTS.map((kind) => [kind.name, kind] as const))('%s: its first phase is the default, others must be of its list', (name, kind) => {
    expect(faultConfig.parse({ devices: 'trackers', do: name }).during).toBe(kind.phases[0])
    for (const during of ['connect', 'pickup', 'download', 'install', 'reboot', 'self-test'] as const) {
      expect(faultConfig.safeParse({ devices: 'trackers', do: name, during }).success).toBe(kind.phases.includes(during))
    }
    expect(faultConfig.safeParse({ devices: 'trackers', do: name, nonsense: 1 }).success).toBe(false)
  })
})

const whole = (body: Uint8Array): HttpResponse => ({ status: 200, headers: { 'content-length': String(body.length) }, body })
const part = (file: Uint8Array, from: number, to: number): HttpResponse => ({
  status: 206,
  headers: { 'content-range': `bytes ${from}-${to}/${file.length}` },
  body: file.subarray(from, to + 1),
})
const differences = (a: Uint8Array, b: Uint8Array): number[] => [...a.keys()].filter((i) => a[i] !== b[i])
const fileOf = (length: number) => Uint8Array.from({ length }, (_, i) => i & 0xff)
const aRandom = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

describe('corrupt-image', () => {
  property.prop([fc.integer({ min: 1, max: 3000 }), fc.array(aRandom, { minLength: 2, maxLength: 2 })])(
    'flips one bit, of the first response with a body, in a copy; past the header where there is room',
    (length, draws) => {
      const file = fileOf(length)
      const [stage] = struck({ do: 'corrupt-image' }, () => draws.shift()!).stages
      const answer = stage!(whole(file))
      const where = differences(file, answer.body)
      expect(where).toHaveLength(1)
      expect([1, 2, 4, 8, 16, 32, 64, 128]).toContain(file[where[0]!]! ^ answer.body[where[0]!]!)
      expect(where[0]).toBeGreaterThanOrEqual(Math.min(16, length - 1))
      expect(file).toEqual(fileOf(length))
      expect(answer.headers).toEqual(whole(file).headers)
      expect(stage!(whole(file)), 'once').toEqual(whole(file))
    },
  )

  test('an empty response is not it', () => {
    const [stage] = struck({ do: 'corrupt-image' }).stages
    expect(stage!(whole(new Uint8Array(0))).body).toHaveLength(0)
    expect(differences(stage!(whole(fileOf(100))).body, fileOf(100))).toHaveLength(1)
  })
})

describe('truncated-image', () => {
  test('a whole file ends early, and its length says so', () => {
    const [stage] = struck({ do: 'truncated-image' }).stages
    const answer = stage!(whole(fileOf(1000)))
    expect(answer).toEqual({ status: 200, headers: { 'content-length': '600' }, body: fileOf(1000).subarray(0, 600) })
  })

  property.prop([fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 2048 })])(
    'in ranges: a download that follows Content-Range gets the share that is left, and not a byte more',
    (length, percent, fragment) => {
      const file = fileOf(length)
      const [stage] = struck({ do: 'truncated-image', keep: `${percent}%` }).stages
      const kept = Math.floor((length * percent) / 100)
      const got: number[] = []
      for (let total = Infinity; got.length < total;) {
        const answer = stage!(part(file, got.length, Math.min(got.length + fragment, length) - 1))
        total = Number(answer.headers['content-range']!.split('/')[1])
        got.push(...answer.body)
        if (answer.body.length === 0) break
      }
      expect(Math.abs(got.length - kept)).toBeLessThanOrEqual(1)
      expect(got).toEqual([...file.subarray(0, got.length)])
    },
  )

  test('every try finds the same damage', () => {
    const [stage] = struck({ do: 'truncated-image' }).stages
    expect([1, 2, 3].map(() => stage!(whole(fileOf(1000))).body.length)).toEqual([600, 600, 600])
  })

  test('other files of the same server are whole: a checksum, the name of the current version', () => {
    const [stage] = struck({ do: 'truncated-image' }).stages
    stage!(whole(fileOf(1000)))
    expect(stage!(whole(fileOf(8)))).toEqual(whole(fileOf(8)))
    expect(stage!(whole(fileOf(1000))).body).toHaveLength(600)
  })
})

describe('early-close', () => {
  test('the first response with a body ends early, and its headers promise all of it; the next is whole', () => {
    const [stage] = struck({ do: 'early-close', keep: '48%' }).stages
    expect(stage!(whole(new Uint8Array(0)))).toEqual(whole(new Uint8Array(0)))
    expect(stage!(whole(fileOf(250)))).toEqual({ ...whole(fileOf(250)), body: fileOf(250).subarray(0, 120) })
    expect(stage!(whole(fileOf(250)))).toEqual(whole(fileOf(250)))
  })
})

describe('devices of a fault', () => {
  test.each([
    ['trackers', { group: 'trackers' }],
    ['3% of trackers', { group: 'trackers', share: 0.03 }],
    ['  0.5%  of   trackers ', { group: 'trackers', share: 0.005 }],
    ['12 of trackers', { group: 'trackers', count: 12 }],
  ])('%s', (devices, selection) => {
    expect(faultConfig.parse({ devices, do: 'hang' }).devices).toEqual(selection)
  })

  test.each(['', '3 trackers', '3% trackers', '101% of trackers', '-1 of trackers', '1.5 of trackers', 'of trackers', '3% of', '3% of a b', 7])(
    '%j is none',
    (devices) => {
      expect(faultConfig.safeParse({ devices, do: 'hang' }).success).toBe(false)
    },
  )
})
