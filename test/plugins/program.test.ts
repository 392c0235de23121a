import { describe, expect, test } from 'vitest'
import { connect, type Effect, type Firmware, type Hardware, LinkLost, phase, publish, sleep } from '../../src/devices/firmware.ts'
import type { DevicePlugin } from '../../src/plugins/define.ts'
import { pluginFlash } from '../../src/plugins/flash.ts'
import { pluginProgram } from '../../src/plugins/program.ts'

/** A board that notes how it is stopped, and stands still. */
function boardOf() {
  const stopped: string[] = []
  const told: unknown[] = []
  const running = { version: '1.0.0', bytes: 0, crc32: 0 }
  const board = {
    name: 'locks-000001',
    flash: pluginFlash({ running, pending: undefined, busy: false }, { lives: 9 }),
    now: () => 1000,
    emit: (event: unknown) => told.push(event),
    brick: (reason: string, plugin?: string) => stopped.push(`${reason} [${plugin}]`),
    powerOff: () => {},
  }
  return { board: board as unknown as Hardware<any> & typeof board, stopped, told }
}

/** Runs a program over a board whose effects answer `undefined`, for at most some effects. */
function stepped(firmware: (hardware: Hardware<any>) => any, limit = 200_000, answer: (effect: Effect) => unknown = () => undefined) {
  const { board, ...seen } = boardOf()
  const plugin: DevicePlugin = { name: 'lock', firmware: () => firmware }
  const program = pluginProgram(plugin, {}, '/somewhere/lock.js')(board)
  const effects: Effect[] = []
  let step = program.next()
  while (!step.done && effects.length < limit) {
    effects.push(step.value)
    const given = answer(step.value)
    step = given instanceof Error ? program.throw(given) : program.next(given)
  }
  return { ...seen, effects }
}

describe('a program that goes wrong stops its board, with its file, what it threw, and the phase', () => {
  const wrong: [about: string, firmware: (hardware: Hardware<any>) => any, reason: string][] = [
    [
      'it throws',
      function* (): Firmware {
        yield* phase('install')
        throw new RangeError('no bolt')
      },
      'lock.js: RangeError: no bolt (install)',
    ],
    ['it throws at once', () => JSON.parse('{'), "lock.js: SyntaxError: Expected property name or '}' in JSON at position 1"],
    [
      'it ends',
      function* (): Firmware {
        yield* sleep(1)
      },
      'lock.js: Error: the program ended: a device runs for ever (start)',
    ],
    ['it is no generator', async () => {}, 'lock.js: TypeError: firmware(config) gave a function that is no generator (function*) (start)'],
    [
      'it yields a generator, not what that yields',
      function* () {
        yield sleep(5)
      },
      'lock.js: TypeError: it yielded a generator, which is no effect',
    ],
    [
      'an effect that there is not',
      function* () {
        yield { do: 'explode' }
      },
      'lock.js: TypeError: it yielded the effect "explode", which there is not (start)',
    ],
    [
      'a time that is no number',
      function* (): Firmware {
        yield* sleep(NaN)
      },
      'lock.js: TypeError: its sleep has ms: NaN (start)',
    ],
    [
      'a topic with a wildcard',
      function* (): Firmware {
        yield* publish('a/#', '{}', 1)
      },
      'lock.js: TypeError: its publish has topic: "a/#" (start)',
    ],
    [
      'an event that there is not',
      function* (hardware: Hardware<any>) {
        hardware.emit({ type: 'fault', fault: 0, name: 'hang' })
        yield* sleep(1)
      },
      'lock.js: TypeError: emit: expected one of picked-up, downloaded,',
    ],
    [
      'an event with a field that is wrong',
      function* (hardware: Hardware<any>) {
        hardware.emit({ type: 'running', version: 7 as never })
        yield* sleep(1)
      },
      'lock.js: TypeError: emit: the event running has version: 7 (start)',
    ],
    [
      'flash without what runs',
      function* (hardware: Hardware<any>) {
        hardware.flash.running = '2.0.0'
        yield* sleep(1)
      },
      'lock.js: TypeError: flash.running: expected { version, bytes, crc32 }, found "2.0.0" (start)',
    ],
    [
      'it never lets time pass',
      function* (): Firmware {
        for (;;) yield* publish('a', '{}', 0)
      },
      'lock.js: RangeError: more than 100000 effects without letting time pass (start)',
    ],
  ]

  test.each(wrong)('%s', (_, firmware, reason) => {
    const { stopped } = stepped(firmware)
    expect(stopped).toHaveLength(1)
    expect(stopped[0]).toContain(reason)
    expect(stopped[0]).toContain('[/somewhere/lock.js]')
  })

  test('a lost link that nobody catches', () => {
    const { stopped } = stepped(
      function* () {
        yield* connect({ clean: true, keepAliveSeconds: 60 }, 1000)
      },
      10,
      () => new LinkLost('refused'),
    )
    expect(stopped).toEqual([expect.stringContaining('lock.js: LinkLost: link lost: refused')])
  })
})

test('a program gets answers and errors, keeps its flash, and sees the hardware alone', () => {
  const { stopped, told, effects } = stepped(
    function* (hardware) {
      expect(hardware).not.toHaveProperty('powerOff')
      hardware.flash.lives -= 1
      hardware.emit({ type: 'running', version: hardware.flash.running.version, device: 5 } as never)
      try {
        yield* connect({ clean: true, keepAliveSeconds: 60 }, 1000)
      } catch (error) {
        if (!(error instanceof LinkLost)) throw error
        yield* sleep(hardware.flash.lives)
      }
      for (;;) yield* sleep(Infinity)
    },
    3,
    ({ do: effect }) => (effect === 'connect' ? new LinkLost('closed') : undefined),
  )
  expect(stopped).toEqual([])
  expect(told).toEqual([{ type: 'running', version: '1.0.0' }])
  expect(effects).toMatchObject([{ do: 'connect' }, { do: 'sleep', ms: 8 }, { do: 'sleep', ms: Infinity }])
})
