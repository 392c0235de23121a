import type { Firmware, Hardware } from '../devices/firmware.ts'
import { UserError } from '../errors.ts'
import type { LoadedDevice, LoadedFault, Unusable } from '../plugins/load.ts'
import type { FaultKind } from '../ports/faults.ts'
import { pathOf } from '../scenario/path-of.ts'
import type { Scenario } from '../scenario/scenario.ts'

/** The modules of a scenario, and the faults of our own that it names, imported by this thread: with nothing of either, none of them, nor what checks configs. */
export interface Plugins {
  /** By group. */
  readonly devices: ReadonlyMap<string, OpenDevice>
  /** By index of the fault in the scenario. */
  readonly faults: ReadonlyMap<number, OpenFault>
}

interface OpenDevice {
  /** What the module wants kept in flash, for one device. */
  readonly flash: () => object
  readonly program: (hardware: Hardware<any>) => Firmware
}

interface OpenFault {
  readonly kind: FaultKind
  readonly config: unknown
}

/** Imports what a scenario names. UserError 100 when a module can't be used any more: it could when the scenario was checked. */
export async function openPlugins(scenario: Scenario): Promise<Plugins> {
  const devices = new Map<string, OpenDevice>()
  const faults = new Map<number, OpenFault>()
  for (const [name, group] of Object.entries(scenario.fleet)) {
    if (group.kind === 'plugin') devices.set(name, await openDevice(pathOf(scenario, group.uses), group.config))
  }
  for (const [index, fault] of scenario.faults.entries())
    faults.set(index, 'uses' in fault ? await openFault(pathOf(scenario, fault.uses), fault.config) : await ownFault(fault))
  return { devices, faults }
}

async function openDevice(file: string, given: unknown): Promise<OpenDevice> {
  const [{ loadPlugin }, { pluginProgram }] = await Promise.all([import('../plugins/load.ts'), import('../plugins/program.ts')])
  const loaded = await loadPlugin(file)
  if (loaded.type !== 'device') throw unusable(file, loaded)
  const config = loaded.config.parse(given)
  // A board gives itself to its program.
  const program = pluginProgram(loaded.plugin, config, file) as OpenDevice['program']
  return { program, flash: () => loaded.plugin.flash?.(config) ?? {} }
}

async function openFault(file: string, given: unknown): Promise<OpenFault> {
  const [{ loadPlugin }, { pluginFault }] = await Promise.all([import('../plugins/load.ts'), import('../plugins/fault.ts')])
  const loaded = await loadPlugin(file)
  if (loaded.type !== 'fault') throw unusable(file, loaded)
  return { kind: pluginFault(loaded.plugin, file), config: loaded.config.parse(given) }
}

async function ownFault(config: Scenario['faults'][number]): Promise<OpenFault> {
  const { FAULTS } = await import('../faults/all.ts')
  return { kind: FAULTS.find(({ name }) => name === config.do) as FaultKind, config }
}

function unusable(file: string, loaded: LoadedDevice | LoadedFault | Unusable): UserError {
  const why = loaded.type === 'unusable' ? `expected ${loaded.expected}, found ${loaded.found}` : `it is a ${loaded.type}`
  return new UserError(`${file}: ${why}`, 100)
}
