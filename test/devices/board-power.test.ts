import { describe, expect, test } from 'vitest'
import { connect, fetch, type Firmware, type Hardware, reboot, type RequestFailed, sleep, tell } from '../../src/devices/firmware.ts'
import { START_MS } from './bench.ts'
import { type Flash, OPTIONS, Workbench } from './workbench.ts'

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
