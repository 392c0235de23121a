import { describe, expect, test } from 'vitest'
import type { Board } from '../../src/devices/board.ts'
import {
  connect,
  disconnect,
  fetch,
  type Firmware,
  type Hardware,
  type ImageRecord,
  type LinkLost,
  phase,
  publish,
  reboot,
  receive,
  type RequestFailed,
  sleep,
  subscribe,
  tell,
} from '../../src/devices/firmware.ts'
import { Bench, type BenchDevice, START_MS } from './bench.ts'

interface Flash {
  running: ImageRecord
  count?: number
}

const OPTIONS = { clean: true, keepAliveSeconds: 60 }

/** One board with a program of the test's own, which writes lines with the second in front. */
class Workbench extends Bench {
  readonly lines: string[] = []

  with(program: (hardware: Hardware<Flash>, note: (what: string) => void) => Firmware, more: Partial<BenchDevice<Flash>> = {}): Board<Flash> {
    return this.add<Flash>({
      name: 'd',
      flash: { running: { version: '1.0.0', bytes: 1, crc32: 1 } },
      program: (hardware) => program(hardware, (what) => this.lines.push(`${Number(((hardware.now() - START_MS) / 1000).toFixed(3))} ${what}`)),
      ...more,
    })
  }
}

describe('time', () => {
  test('sleep takes its time, everything else none on a link that costs nothing', async () => {
    const bench = new Workbench()
    bench.with(function* (_, note) {
      yield* sleep(1500)
      note('slept')
      yield* connect(OPTIONS, 1000)
      yield* subscribe({ filter: 'a', qos: 1 })
      yield* publish('a', 'p', 0)
      note('connected')
      yield* sleep(Infinity)
    })
    await bench.run(10)
    expect(bench.lines).toEqual(['1.5 slept', '1.5 connected'])
    expect(bench.sent()).toEqual(['1.5 CONNECT d clean 60s', '1.5 SUBSCRIBE a q1', '1.5 PUBLISH q0 a p'])
  })

  test('receive: a message at once when one waits, the next one when it comes, undefined after its timeout', async () => {
    const bench = new Workbench()
    bench.with(function* (_, note) {
      yield* connect(OPTIONS, 1000)
      yield* sleep(5000)
      for (let i = 0; i < 4; i++) note(String((yield* receive(10_000))?.payload))
      yield* sleep(Infinity)
    })
    bench.at(1, () => bench.cloud.send('t', 'early'))
    bench.at(2, () => bench.cloud.send('t', 'second'))
    bench.at(8, () => bench.cloud.send('t', 'third'))
    await bench.run(60)
    expect(bench.lines).toEqual(['5 early', '5 second', '8 third', '18 undefined'])
  })

  test('a message that comes after a timeout is the next one', async () => {
    const bench = new Workbench()
    bench.with(function* (_, note) {
      yield* connect(OPTIONS, 1000)
      for (let i = 0; i < 2; i++) note(String((yield* receive(3000))?.payload))
      note(String((yield* receive())?.payload))
      yield* sleep(Infinity)
    })
    bench.at(7, () => bench.cloud.send('t', 'p'))
    await bench.run(60)
    expect(bench.lines).toEqual(['3 undefined', '6 undefined', '7 p'])
  })
})

describe('the inbox', () => {
  test('holds 64 messages; the oldest go, and each is counted', async () => {
    const bench = new Workbench()
    bench.with(function* (_, note) {
      yield* connect(OPTIONS, 1000)
      yield* sleep(10_000)
      for (;;) note(String((yield* receive())?.payload))
    })
    bench.at(5, () => {
      for (let i = 0; i < 70; i++) bench.cloud.send('t', String(i))
    })
    await bench.run(11)
    expect(bench.lines).toHaveLength(64)
    expect([bench.lines[0], bench.lines.at(-1), bench.dropped]).toEqual(['10 6', '10 69', 6])
  })

  test('discardMessages empties it', async () => {
    const bench = new Workbench()
    bench.with(function* (hardware, note) {
      yield* connect(OPTIONS, 1000)
      yield* sleep(10_000)
      hardware.discardMessages()
      note(String((yield* receive(1000))?.payload))
      yield* sleep(Infinity)
    })
    bench.at(5, () => bench.cloud.send('t', 'p'))
    await bench.run(20)
    expect(bench.lines).toEqual(['11 undefined'])
  })

  test('is RAM: a reboot empties it', async () => {
    const bench = new Workbench()
    bench.with(function* (hardware, note) {
      yield* connect(OPTIONS, 1000)
      hardware.flash.count = (hardware.flash.count ?? 0) + 1
      yield* sleep(10_000)
      if (hardware.flash.count === 1) yield* reboot(5000)
      note(String((yield* receive(1000))?.payload))
      yield* sleep(Infinity)
    })
    bench.at(5, () => bench.cloud.send('t', 'p'))
    await bench.run(60)
    expect(bench.lines).toEqual(['26 undefined'])
  })
})

describe('a lost link is thrown into the program', () => {
  const catching = function* (effect: () => Firmware<unknown>, note: (what: string) => void): Firmware {
    try {
      yield* effect()
      note('fine')
    } catch (error) {
      note(`${(error as LinkLost).name}: ${(error as LinkLost).reason}`)
    }
  }

  test('into receive at once; into whatever uses the link next when it was busy', async () => {
    const bench = new Workbench()
    bench.with(function* (_, note) {
      yield* connect(OPTIONS, 1000)
      yield* catching(() => receive(), note)
      yield* connect(OPTIONS, 1000)
      yield* catching(() => sleep(20_000), note)
      yield* catching(() => publish('t', 'p', 1), note)
      yield* connect(OPTIONS, 1000)
      yield* sleep(20_000)
      yield* catching(() => subscribe({ filter: 'a', qos: 0 }), note)
      yield* sleep(Infinity)
    })
    for (const second of [5, 15, 35]) bench.at(second, () => bench.cloud.drop())
    await bench.run(100)
    expect(bench.lines).toEqual(['5 LinkLost: closed', '25 fine', '25 LinkLost: closed', '45 LinkLost: closed'])
    expect(bench.sent().filter((line) => line.includes('PUBLISH'))).toEqual([])
  })

  test('messages that came before are received first', async () => {
    const bench = new Workbench()
    bench.with(function* (_, note) {
      yield* connect(OPTIONS, 1000)
      yield* sleep(10_000)
      note(String((yield* receive())?.payload))
      yield* catching(() => receive(), note)
      yield* sleep(Infinity)
    })
    bench.at(5, () => bench.cloud.send('t', 'p'))
    bench.at(6, () => bench.cloud.drop())
    await bench.run(20)
    expect(bench.lines).toEqual(['10 p', '10 LinkLost: closed'])
  })

  test('once: after the next connect it is forgotten', async () => {
    const bench = new Workbench()
    bench.with(function* (_, note) {
      yield* connect(OPTIONS, 1000)
      yield* sleep(10_000)
      yield* connect(OPTIONS, 1000)
      yield* catching(() => receive(1000), note)
      yield* sleep(Infinity)
    })
    bench.at(5, () => bench.cloud.drop())
    await bench.run(20)
    expect(bench.lines).toEqual(['11 fine'])
  })

  test('a connect says why it failed, and the event too', async () => {
    const bench = new Workbench()
    bench.cloud.connects.push('refuse', 'silence')
    bench.with(function* (_, note) {
      for (let i = 0; i < 3; i++) yield* catching(() => connect(OPTIONS, 4000), note)
      yield* sleep(Infinity)
    })
    await bench.run(60)
    expect(bench.lines).toEqual(['0 LinkLost: refused', '4 LinkLost: timeout', '4 fine'])
    expect(bench.told('connect-failed', 'connected')).toEqual([
      { type: 'connect-failed', reason: 'refused' },
      { type: 'connect-failed', reason: 'timeout' },
      { type: 'connected', ms: 4000 },
    ])
  })

  test('disconnect says goodbye, and is no loss', async () => {
    const bench = new Workbench()
    bench.with(function* () {
      yield* connect(OPTIONS, 1000)
      yield* disconnect()
      yield* sleep(Infinity)
    })
    await bench.run(10)
    expect(bench.sent()).toEqual(['0 CONNECT d clean 60s', '0 DISCONNECT'])
    expect(bench.told('disconnected')).toEqual([])
  })
})

describe('fetch', () => {
  test.each([
    ['an answer, whatever its status', 'serve' as const, '0 404'],
    ['a reset', 'reset' as const, '0 RequestFailed: reset'],
    ['no answer in time', 'silence' as const, '7 RequestFailed: timeout'],
  ])('%s', async (_, answer, line) => {
    const bench = new Workbench()
    bench.cloud.gets.push(answer)
    bench.with(function* (_hardware, note) {
      try {
        note(String((yield* fetch('http://cloud/x', {}, 7000)).status))
      } catch (error) {
        note(`${(error as RequestFailed).name}: ${(error as RequestFailed).reason}`)
      }
      yield* sleep(Infinity)
    })
    await bench.run(60)
    expect(bench.lines).toEqual([line])
  })

  test('a lost MQTT connection does not end it', async () => {
    const bench = new Workbench()
    bench.cloud.files.set('http://cloud/x', Uint8Array.of(1))
    bench.cloud.gets.push((good) => {
      bench.cloud.drop()
      return good
    })
    bench.with(function* (_, note) {
      yield* connect(OPTIONS, 1000)
      note(String((yield* fetch('http://cloud/x', {}, 1000)).status))
      yield* sleep(Infinity)
    })
    await bench.run(5)
    expect(bench.lines).toEqual(['0 200'])
  })
})

describe('power', () => {
  test('flash survives, RAM does not, boots are counted', async () => {
    const bench = new Workbench()
    const board = bench.with(function* (hardware, note) {
      let ram = 0
      for (;;) {
        note(`ram ${++ram} flash ${(hardware.flash.count = (hardware.flash.count ?? 0) + 1)}`)
        yield* sleep(10_000)
      }
    })
    bench.cutPower(board, 15, 30)
    await bench.run(50)
    expect(bench.lines).toEqual(['0 ram 1 flash 1', '10 ram 2 flash 2', '45 ram 1 flash 3'])
    expect(bench.told('booted')).toEqual([
      { type: 'booted', boots: 1, version: '1.0.0' },
      { type: 'booted', boots: 2, version: '1.0.0' },
    ])
  })

  test('a reboot says goodbye to the broker and takes its time', async () => {
    const bench = new Workbench()
    bench.with(function* (hardware, note) {
      note('up')
      yield* connect(OPTIONS, 1000)
      if ((hardware.flash.count = (hardware.flash.count ?? 0) + 1) === 1) yield* reboot(7000)
      yield* sleep(Infinity)
    })
    await bench.run(20)
    expect(bench.lines).toEqual(['0 up', '7 up'])
    expect(bench.sent()).toEqual(['0 CONNECT d clean 60s', '0 DISCONNECT', '7 CONNECT d clean 60s'])
  })

  test('its own randomness goes on over boots and differs between devices', async () => {
    const draws: string[] = []
    const bench = new Workbench()
    const program = function* (hardware: Hardware<Flash>): Firmware {
      draws.push(`${hardware.name} ${hardware.random()}`)
      yield* sleep(Infinity)
    }
    const board = bench.with(program, { name: 'a' })
    bench.with(program, { name: 'b' })
    bench.cutPower(board, 1, 1)
    await bench.run(5)
    expect(new Set(draws.map((line) => line.split(' ')[1])).size).toBe(3)
  })

  test('a program that ends is a bug', async () => {
    const bench = new Workbench()
    bench.with(function* () {})
    await expect(bench.run(1)).rejects.toThrow('the program of d ended')
  })
})

describe('the local network', () => {
  test('a message goes to the host, and to nobody when it is not there', async () => {
    const bench = new Workbench()
    const heard: string[] = []
    bench.lan.join('gw', ({ topic, payload }) => heard.push(`${topic} ${String(payload)}`))
    bench.with(function* () {
      yield* tell('gw', 'a', '1')
      yield* tell('nobody', 'b', '2')
      yield* tell('gw', 'c', '3')
      yield* sleep(Infinity)
    })
    await bench.run(1)
    expect(heard).toEqual(['a 1', 'c 3'])
  })

  test('each takes its time on the link, in order', async () => {
    const bench = new Workbench()
    const heard: string[] = []
    bench.lan.join('gw', ({ topic }) => heard.push(`${(bench.clock.now() - START_MS) / 1000} ${topic}`))
    bench.with(
      function* () {
        for (const topic of ['a', 'b', 'c']) yield* tell('gw', topic, '')
        yield* sleep(Infinity)
      },
      { link: { latency: 500, jitter: 0, loss: 0, offline: [], bandwidth: { up: 8, down: 8 } } },
    )
    await bench.run(10)
    expect(heard).toEqual(['1.5 a', '2.5 b', '3.5 c'])
  })
})

test('the phases of a program are events', async () => {
  const bench = new Workbench()
  bench.with(function* () {
    yield* phase('connect')
    yield* sleep(3000)
    yield* phase('pickup')
    yield* sleep(Infinity)
  })
  await bench.run(5)
  expect(bench.events.filter(({ type }) => type === 'phase')).toEqual([
    { at: 0, device: 0, type: 'phase', phase: 'connect' },
    { at: 3000, device: 0, type: 'phase', phase: 'pickup' },
  ])
})
