import { dirname, resolve } from 'node:path'
import { describeFailure } from '../plugins/failure.ts'
import { loadPlugin } from '../plugins/load.ts'
import type { Module } from '../scenario/check-plugins.ts'
import { type Loaded, loadScenario, modulesNamed } from '../scenario/load.ts'
import type { SourceOptions } from '../scenario/source.ts'

/** Reads and checks a scenario file with the modules that it names. Importing a module runs its code. */
export async function loadWithPlugins(path: string, options: SourceOptions): Promise<Loaded> {
  const modules = new Map<string, Module>()
  for (const uses of modulesNamed(path, options)) modules.set(uses, await moduleOf(resolve(dirname(path), uses)))
  return loadScenario(path, { ...options, modules })
}

async function moduleOf(file: string): Promise<Module> {
  const loaded = await loadPlugin(file)
  if (loaded.type !== 'device') return loaded
  const failure = (config: unknown) => {
    try {
      // Flash is plain data: what can't be copied is refused here.
      structuredClone(loaded.plugin.flash?.(config))
      return typeof loaded.plugin.firmware(config) === 'function' ? undefined : 'something else'
    } catch (error) {
      return describeFailure(error, file)
    }
  }
  return { type: 'device', config: loaded.config, failure }
}
