import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { register } from 'node:module'
import { basename } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { PHASES, type Phase } from '../ports/events.ts'
import { nameOf } from './check-effect.ts'
import type { DevicePlugin, FaultPlugin } from './define.ts'
import { describeFailure } from './failure.ts'

const NAME = /^[a-z][a-z0-9-]{0,39}$/
const MAX_PARSE_MS = 10_000
const NO_CONFIG = z.strictObject({})

/** A module of the user's that can be used, or why it can't. */
export type Loaded = LoadedDevice | LoadedFault | Unusable

export interface LoadedDevice {
  readonly type: 'device'
  readonly plugin: DevicePlugin
  readonly config: z.ZodType
}

export interface LoadedFault {
  readonly type: 'fault'
  readonly plugin: FaultPlugin
  readonly config: z.ZodType
  readonly phases: readonly Phase[]
}

export interface Unusable {
  readonly type: 'unusable'
  readonly expected: string
  readonly found: string
}

/** Imports a module by its absolute path: its code runs, once in each thread. */
export async function loadPlugin(file: string): Promise<Loaded> {
  if (!existsSync(file)) return unusable('a module that can be read, relative to the scenario', 'no such file')
  let module: { readonly default?: unknown }
  try {
    shareOurselves()
    module = (await import(pathToFileURL(file).href)) as typeof module
  } catch (error) {
    return unusable('a module that loads', `${describeFailure(error, file)}${error instanceof SyntaxError ? placeOf(error, file) : ''}`)
  }
  return judge(module.default)
}

/** Node's own loader does not say where the syntax error of a module is; its checker does, and runs nothing. */
function placeOf(error: SyntaxError, file: string): string {
  if (error.stack?.includes(basename(file))) return ''
  const options = { input: readFileSync(file), encoding: 'utf8', timeout: MAX_PARSE_MS } as const
  const { stderr } = spawnSync(process.execPath, ['--check', '--input-type=module'], options)
  const [, line] = /^\[stdin\]:(\d+)\n/.exec(stderr) ?? []
  return line === undefined ? '' : ` at ${basename(file)}:${line}`
}

function judge(exported: unknown): Loaded {
  if (typeof exported !== 'object' || exported === null)
    return unusable(
      'a module with `export default defineDevice(…)` or `defineFault(…)`',
      exported === undefined ? 'no default export' : nameOf(exported),
    )
  const { name, config = NO_CONFIG, firmware, strike, flash, phases = PHASES, when = 'entry' } = exported as Record<string, any>
  if (typeof firmware !== 'function' && typeof strike !== 'function')
    return unusable('a default export with firmware (a device) or strike (a fault)', `one with ${Object.keys(exported).join(', ') || 'nothing'}`)
  if (typeof name !== 'string' || !NAME.test(name))
    return unusable('a name of lower-case letters, digits and dashes in its default export', nameOf(name))
  if (typeof config?.safeParse !== 'function' || !('_zod' in config))
    return unusable('config to be a schema of zod (z of fleetsim/plugin)', nameOf(config))
  if (typeof firmware === 'function') {
    if (flash !== undefined && typeof flash !== 'function') return unusable('flash to be a function of config', nameOf(flash))
    return { type: 'device', plugin: exported as DevicePlugin, config }
  }
  if (!Array.isArray(phases) || phases.length === 0 || !phases.every((phase) => PHASES.includes(phase)))
    return unusable(`phases out of ${PHASES.join(', ')}`, Array.isArray(phases) ? `[${phases.map(nameOf).join(', ')}]` : nameOf(phases))
  if (when !== 'entry' && when !== 'midway') return unusable('when to be entry or midway', nameOf(when))
  return { type: 'fault', plugin: exported as FaultPlugin, config, phases }
}

const unusable = (expected: string, found: string): Unusable => ({ type: 'unusable', expected, found })

/** What a module gets for `fleetsim/plugin`: this very program, wherever the module lies and whatever is installed beside it. */
const OURSELVES = `export async function resolve(specifier, context, next) {
  return specifier === 'fleetsim/plugin' ? { url: ${JSON.stringify(new URL('../plugin.js', import.meta.url).href)}, shortCircuit: true } : next(specifier, context)
}`

let isShared = false

function shareOurselves(): void {
  if (isShared) return
  isShared = true
  // Tests run the sources: their runner resolves by itself.
  if (basename(import.meta.url) === 'load.js') register(`data:text/javascript,${encodeURIComponent(OURSELVES)}`)
}
