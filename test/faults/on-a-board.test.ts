import { describe, expect, test } from 'vitest'
import type { Board } from '../../src/devices/board.ts'
import {
  fetch,
  type Firmware,
  type Hardware,
  type ImageRecord,
  phase,
  receive,
  type RequestFailed,
  connect,
  LinkLost,
  sleep,
} from '../../src/devices/firmware.ts'
import type { LinkConfig } from '../../src/network/config.ts'
import { PHASES } from '../../src/ports/events.ts'
import { Bench, type BenchFault, INSTANT, START_MS } from '../devices/bench.ts'

const URL = 'http://cloud/file'

interface Flash {
  running: ImageRecord
}

class FaultBench extends Bench {
  readonly lines: string[] = []
  board: Board<Flash> | undefined

  /** A board with one fault, running `program`, which may write lines. */
  with(fault: BenchFault, program: (hardware: Hardware, note: (what: string) => void) => Firmware, link: LinkConfig = INSTANT): this {
    const flash: Flash = { running: { version: '1.0.0', bytes: 1, crc32: 1 } }
    this.cloud.files.set(URL, new Uint8Array(1000).fill(7))
    this.board = this.add({
      name: 'd',
      flash,
      faults: [fault],
      link,
      program: (hardware) => program(hardware, (what) => this.lines.push(`${(hardware.now() - START_MS) / 1000} ${what}`)),
    })
    return this
  }
}

/** Goes through the phases, a second each, and starts over. */
function* walk(_: Hardware, note: (what: string) => void): Firmware {
  for (;;) {
    for (const name of PHASES) {
      yield* phase(name)
      note(name)
      yield* sleep(1000)
    }
  }
}

describe('a fault strikes once, as its phase begins', () => {
  test.each(PHASES)('power-loss during %s', async (during) => {
    const bench = new FaultBench().with({ do: 'power-loss', during, off: '100s' }, walk)
    await bench.run(120)
    const at = PHASES.indexOf(during)
    // In a download it waits for bytes, and this program fetches none.
    const isMidway = during === 'download'
    expect(bench.times('fault')).toEqual(isMidway ? [] : [at])
    expect(bench.times('booted')).toEqual(isMidway ? [0] : [0, at + 100])
    if (!isMidway) expect(bench.lines.slice(at, at + 2)).toEqual([`${at + 100} connect`, `${at + 101} pickup`])
  })

  test('hang: nothing more, not even at the next message', async () => {
    const bench = new FaultBench().with({ do: 'hang', during: 'install' }, function* (_hardware, note) {
      yield* connect({ clean: true, keepAliveSeconds: 60 }, 1000)
      note('connected')
      yield* phase('install')
      note('not reached')
      yield* receive()
    })
    bench.at(10, () => bench.cloud.send('t', 'p'))
    bench.at(20, () => bench.cloud.drop())
    await bench.run(100)
    expect(bench.lines).toEqual(['0 connected'])
    // Its connection stayed open until the cloud ended it.
    expect(bench.sent()).toEqual(['0 CONNECT d clean 60s'])
    expect(bench.told('settled')).toHaveLength(1)
  })

  test('vanish: the connection is gone without a word, and no boot follows', async () => {
    const bench = new FaultBench().with({ do: 'vanish', during: 'pickup' }, function* () {
      yield* connect({ clean: true, keepAliveSeconds: 60 }, 1000)
      yield* sleep(5000)
      yield* phase('pickup')
      yield* receive()
    })
    await bench.run(100_000)
    expect(bench.sent()).toEqual(['0 CONNECT d clean 60s', '5 GONE'])
    expect(bench.times('settled')).toEqual([5])
    expect(bench.times('booted')).toEqual([0])
  })

  test('late-start: the first power-on comes later, later ones do not', async () => {
    const bench = new FaultBench().with({ do: 'late-start', by: '90s' }, walk)
    await bench.run(95)
    expect(bench.times('booted')).toEqual([90])
    expect(bench.times('fault')).toEqual([0])
  })

  test.each([
    ['reject', 'pickup', 'admission'],
    ['fail-install', 'install', 'install'],
    ['fail-self-test', 'self-test', 'self-test'],
    ['reboot-loop', 'reboot', 'boot'],
  ] as const)('%s: from %s on the check for %s says no, and no other does', async (name, during, check) => {
    const bench = new FaultBench().with({ do: name }, function* (hardware, note) {
      for (const step of PHASES) {
        yield* phase(step)
        for (const one of ['admission', 'install', 'self-test', 'boot'] as const) if (hardware.refusal(one)) note(`${step} ${one}`)
      }
      yield* sleep(Infinity)
    })
    await bench.run(1)
    expect(bench.lines).toEqual(PHASES.slice(PHASES.indexOf(during)).map((step) => `0 ${step} ${check}`))
  })
})

describe('the link', () => {
  test('lost-connection: the connection breaks at once, and a new one waits for the end', async () => {
    const bench = new FaultBench().with({ do: 'lost-connection', during: 'install', for: '45s' }, function* (_hardware, note) {
      yield* connect({ clean: true, keepAliveSeconds: 60 }, 1000)
      yield* sleep(10_000)
      yield* phase('install')
      for (;;) {
        try {
          yield* receive()
        } catch (error) {
          if (!(error instanceof LinkLost)) throw error
          note(`lost: ${error.reason}`)
          yield* tryToConnect(note)
        }
      }
    })
    await bench.run(120)
    expect(bench.lines).toEqual([
      '10 lost: closed',
      '20 failed: timeout',
      '30 failed: timeout',
      '40 failed: timeout',
      '50 failed: timeout',
      '55 connected',
    ])
  })

  test('slow-link: ten times the delay, until it ends', async () => {
    const bench = new FaultBench().with(
      { do: 'slow-link', during: 'connect', factor: 10, for: '60s' },
      function* (hardware, note) {
        yield* phase('connect')
        for (let i = 0; i < 3; i++) {
          const before = hardware.now()
          yield* fetch(URL, {}, 60_000)
          note(`took ${hardware.now() - before}`)
          yield* sleep(40_000)
        }
        yield* sleep(Infinity)
      },
      { ...INSTANT, latency: 100 },
    )
    await bench.run(200)
    // Four round trips for the first, one for those that find the connection open.
    expect(bench.lines.map((line) => line.split(' took ')[1])).toEqual(['8000', '2000', '200'])
  })
})

function* tryToConnect(note: (what: string) => void): Firmware {
  for (;;) {
    try {
      yield* connect({ clean: true, keepAliveSeconds: 60 }, 10_000)
      return note('connected')
    } catch (error) {
      if (!(error instanceof LinkLost)) throw error
      note(`failed: ${error.reason}`)
    }
  }
}

describe('responses', () => {
  /** Fetches after each boot, twice, and says how many bytes are not sevens. */
  function* fetchTwice(_: Hardware, note: (what: string) => void): Firmware {
    yield* phase('download')
    for (let i = 0; i < 2; i++) {
      const { body } = yield* fetch(URL, {}, 1000)
      note(`${body.length} bytes, ${body.filter((byte) => byte !== 7).length} wrong`)
    }
    yield* sleep(Infinity)
  }

  test.each([
    ['corrupt-image', ['0 1000 bytes, 1 wrong', '0 1000 bytes, 0 wrong']],
    ['truncated-image', ['0 600 bytes, 0 wrong', '0 600 bytes, 0 wrong']],
  ])('%s', async (name, expected) => {
    const bench = new FaultBench().with({ do: name }, fetchTwice)
    await bench.run(1)
    expect(bench.lines).toEqual(expected)
    // What the cloud holds is as it was.
    expect(bench.cloud.files.get(URL)!.every((byte) => byte === 7)).toBe(true)
  })

  test('a power cut ends it', async () => {
    const bench = new FaultBench().with({ do: 'truncated-image' }, fetchTwice)
    bench.cutPower(bench.board!, 5, 10)
    await bench.run(20)
    expect(bench.lines).toEqual(['0 600 bytes, 0 wrong', '0 600 bytes, 0 wrong', '15 1000 bytes, 0 wrong', '15 1000 bytes, 0 wrong'])
  })

  test.each([
    ['power-loss', 'nothing'],
    ['lost-connection', 'reset'],
    ['hang', 'nothing'],
    ['vanish', 'nothing'],
  ])('%s midway: at a share of the bytes of a download that is drawn for the device', async (name, outcome) => {
    const seen: string[] = []
    const bench = new FaultBench().with({ do: name }, function* (_hardware, note) {
      yield* phase('download')
      for (let from = 0; from < 1000; from += 10) {
        try {
          const { body } = yield* fetch(URL, { range: `bytes=${from}-${from + 9}` }, 1000)
          seen.push(String(from + body.length))
        } catch (error) {
          note((error as RequestFailed).reason)
          break
        }
      }
      yield* sleep(Infinity)
    })
    await bench.run(1)
    expect(bench.times('fault')).toEqual([0])
    const share = Number(seen.at(-1) ?? 0) / 1000
    expect(share).toBeGreaterThanOrEqual(0.08)
    expect(share).toBeLessThan(0.9)
    expect(bench.lines).toEqual(outcome === 'nothing' ? [] : ['0 reset'])
  })
})

describe('twin-client: a second client with the same client id', () => {
  /** Connects, comes to its installation, and connects again a second after each loss. */
  function* stubborn(_: Hardware, note: (what: string) => void): Firmware {
    yield* connect({ clean: true, keepAliveSeconds: 60 }, 1000)
    yield* sleep(10_000)
    yield* phase('install')
    for (;;) {
      try {
        yield* receive()
      } catch (error) {
        if (!(error instanceof LinkLost)) throw error
        note(`lost: ${error.reason}`)
        yield* sleep(1000)
        yield* connect({ clean: true, keepAliveSeconds: 60 }, 1000)
      }
    }
  }

  test('each throws the other out a second after it was thrown out itself, until the fault ends', async () => {
    const bench = new FaultBench().with({ do: 'twin-client', during: 'install', for: '5s' }, stubborn)
    await bench.run(60)
    expect(bench.lines).toEqual(['10 lost: closed', '12 lost: closed', '14 lost: closed'])
    const connects = [0, 10, 11, 12, 13, 14].map((second) => `${second} CONNECT d clean 60s`)
    expect(bench.sent()).toEqual([...connects, '15 DISCONNECT', '15 CONNECT d clean 60s'])
  })

  test('the twin that is in when the fault ends says goodbye', async () => {
    const bench = new FaultBench().with({ do: 'twin-client', during: 'install', for: '2500ms' }, function* () {
      yield* connect({ clean: false, keepAliveSeconds: 30 }, 1000)
      yield* phase('install')
      yield* sleep(Infinity)
    })
    await bench.run(60)
    expect(bench.sent()).toEqual(['0 CONNECT d kept 30s', '0 CONNECT d kept 30s', '2.5 DISCONNECT'])
  })

  test('it goes with the power, and with the run', async () => {
    const bench = new FaultBench().with({ do: 'twin-client', during: 'install', for: '1h' }, stubborn)
    bench.cutPower(bench.board!, 12.5, Infinity)
    await bench.run(60)
    expect(bench.sent()).toEqual([...[0, 10, 11, 12].map((second) => `${second} CONNECT d clean 60s`), '12.5 GONE'])

    const other = new FaultBench().with({ do: 'twin-client', during: 'install', for: '1h' }, stubborn)
    other.at(12.5, () => other.board!.stop())
    await other.run(60)
    expect(other.sent().slice(-2)).toEqual(['12 CONNECT d clean 60s', '12.5 GONE'])
  })

  test('it is cut off with the link, and comes back with it', async () => {
    const bench = new FaultBench().with({ do: 'twin-client', during: 'install', for: '1h' }, function* () {
      yield* connect({ clean: true, keepAliveSeconds: 60 }, 1000)
      yield* phase('install')
      yield* sleep(Infinity)
    })
    bench.at(5, () => bench.board!.cutLink(10_000))
    await bench.run(60)
    expect(bench.sent().map((line) => line.replace('d clean 60s', '').trim())).toEqual(['0 CONNECT', '0 CONNECT', '5 GONE', '10 CONNECT'])
  })
})
