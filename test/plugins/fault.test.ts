import { expect, test } from 'vitest'
import type { FaultPlugin } from '../../src/plugins/define.ts'
import { pluginFault } from '../../src/plugins/fault.ts'
import type { FaultTarget } from '../../src/ports/faults.ts'
import type { HttpResponse } from '../../src/ports/http.ts'

const RESPONSE: HttpResponse = { status: 200, headers: {}, body: Uint8Array.of(1) }

function struck(strike: FaultPlugin['strike']) {
  const bricked: string[] = []
  const powerOff: number[] = []
  const stages: ((response: HttpResponse) => HttpResponse)[] = []
  const target = {
    brick: (reason: string, plugin?: string) => bricked.push(`${reason} [${plugin}]`),
    powerOff: (ms: number) => powerOff.push(ms),
    tamper: (stage: (typeof stages)[number]) => stages.push(stage),
  } as unknown as FaultTarget
  pluginFault({ name: 'jam', strike }, '/x/jam.js').strike(target, {}, () => 0.25)
  return { bricked, powerOff, stages }
}

test('what a fault asks for comes to the board', () => {
  expect(struck((target, _, random) => target.powerOff(random() * 100)).powerOff).toEqual([25])
})

test.each<[about: string, strike: FaultPlugin['strike'], reason: string]>([
  ['it throws', () => JSON.parse('?') as never, 'jam.js: SyntaxError: Unexpected token'],
  [
    'a time that is none',
    (target) => target.powerOff('1m' as never),
    'jam.js: TypeError: powerOff: expected milliseconds, found "1m" (fault jam) [/x/jam.js]',
  ],
  ['what it may not do', (target) => (target as FaultTarget).startLater(5), 'jam.js: TypeError: target.startLater is not a function'],
])('%s: the device stops, with the fault and its file', (_, strike, reason) => {
  const { bricked } = struck(strike)
  expect(bricked).toHaveLength(1)
  expect(bricked[0]).toContain(reason)
})

test('a stage of responses that fails stops the device when it fails, and the response is left as it is', () => {
  const { bricked, stages } = struck((target) => target.tamper(() => ({ status: 200 }) as never))
  expect(bricked).toEqual([])
  expect(stages[0]!(RESPONSE)).toBe(RESPONSE)
  expect(bricked).toEqual([expect.stringContaining('jam.js: TypeError: tamper: expected a response of { status, headers, body }, found an Object')])
})
