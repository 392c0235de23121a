import { basename } from 'node:path'
import { z } from 'zod'
import { PHASES } from '../ports/events.ts'
import type { Check, FaultKind, FaultTarget } from '../ports/faults.ts'
import type { HttpResponse } from '../ports/http.ts'
import { nameOf } from './check-effect.ts'
import type { FaultPlugin } from './define.ts'
import { describeFailure } from './failure.ts'

const CHECKS: Readonly<Record<Check, true>> = {
  admission: true,
  update: true,
  start: true,
  download: true,
  install: true,
  'self-test': true,
  boot: true,
}

/** A user's fault as one of fleetsim's own. An error in it stops the board that it struck and no other. */
export function pluginFault(plugin: FaultPlugin, file: string): FaultKind {
  const { name, phases = PHASES, when = 'entry', lasting } = plugin
  return {
    name,
    phases,
    when,
    ...(lasting && { lasting }),
    config: z.strictObject({}),
    strike(target, config, random) {
      const guard: Guard = (act, otherwise) => {
        try {
          return act()
        } catch (error) {
          target.brick(`${basename(file)}: ${describeFailure(error, file)} (fault ${name})`, file)
          return otherwise
        }
      }
      guard(() => plugin.strike(targetOf(target, guard), config, random), undefined)
    },
  }
}

/** Runs code of the user's; what it throws ends the device, and the answer is `otherwise`. */
type Guard = <T>(act: () => T, otherwise: T) => T

/** What a user's fault may do, with arguments that a board can work with. TypeError for others. */
function targetOf(target: FaultTarget, guard: Guard): Parameters<FaultPlugin['strike']>[0] {
  return {
    tamper(stage) {
      expect(typeof stage === 'function', 'tamper', 'a function', stage)
      target.tamper((response) => guard(() => checkedResponse(stage(response)), response))
    },
    ignoreHeader(name) {
      expect(typeof name === 'string', 'ignoreHeader', 'the name of a header', name)
      target.ignoreHeader(name.toLowerCase())
    },
    slowLink(factor, ms) {
      expect(isFinite(factor) && factor >= 1, 'slowLink', 'a factor of at least 1', factor)
      expectTime(ms, 'slowLink')
      target.slowLink(factor, ms)
    },
    cutLink(ms) {
      expectTime(ms, 'cutLink')
      target.cutLink(ms)
    },
    twin(ms) {
      expectTime(ms, 'twin')
      target.twin(ms)
    },
    hang: () => target.hang(),
    powerOff(ms) {
      if (ms !== Infinity) expectTime(ms, 'powerOff')
      target.powerOff(ms)
    },
    refuse(check, reason, until) {
      expect(check in CHECKS, 'refuse', Object.keys(CHECKS).join(', '), check)
      expect(typeof reason === 'string', 'refuse', 'a reason', reason)
      target.refuse(check, reason, until)
    },
    repeat(isRepeated, copies) {
      expect(typeof isRepeated === 'function', 'repeat', 'a function of the topic', isRepeated)
      expect(Number.isInteger(copies) && copies >= 0, 'repeat', 'a whole number of copies', copies)
      target.repeat((topic) => guard(() => isRepeated(topic), false), copies)
    },
  }
}

function checkedResponse(response: HttpResponse): HttpResponse {
  const { status, headers, body } = (response ?? {}) as Partial<HttpResponse>
  const fits = typeof status === 'number' && typeof headers === 'object' && body instanceof Uint8Array
  expect(fits, 'tamper', 'a response of { status, headers, body }', response)
  return response
}

function expectTime(ms: number, method: string): void {
  expect(Number.isFinite(ms) && ms >= 0, method, 'milliseconds', ms)
}

function expect(fits: boolean, method: string, expected: string, found: unknown): void {
  if (!fits) throw new TypeError(`${method}: expected ${expected}, found ${nameOf(found)}`)
}
