import { describe, expect, test } from 'vitest'
import {
  connect,
  disconnect,
  type Firmware,
  type LinkLost,
  phase,
  publish,
  reboot,
  receive,
  sleep,
  subscribe,
  takeIn,
  unsubscribe,
} from '../../src/devices/firmware.ts'
import { OPTIONS, Workbench } from './workbench.ts'

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

test('what is taken in meets the faults of a download; an unsubscription is sent', async () => {
  const bench = new Workbench()
  const part = { status: 206, headers: { 'content-range': 'bytes 0-31/64' }, body: new Uint8Array(32) }
  bench.with(
    function* (_, note) {
      yield* connect(OPTIONS, 1000)
      yield* unsubscribe('a', 'b/c')
      yield* sleep(1000)
      note(`before: ${[...(yield* takeIn(part)).body].filter((byte) => byte !== 0).length} changed`)
      yield* phase('download')
      note(`after: ${[...(yield* takeIn(part)).body].filter((byte) => byte !== 0).length} changed`)
      yield* takeIn({ ...part, headers: { 'content-range': 'bytes 32-63/64' } })
      note('never told')
      yield* sleep(Infinity)
    },
    { faults: [{ do: 'corrupt-image' }, { do: 'vanish', during: 'download' }] },
  )
  await bench.run(5)
  expect(bench.sent()).toEqual(['0 CONNECT d clean 60s', '0 UNSUBSCRIBE a, b/c', '1 GONE'])
  expect(bench.lines).toEqual(['1 before: 0 changed', '1 after: 1 changed'])
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
