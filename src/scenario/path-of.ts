import { dirname, resolve } from 'node:path'
import type { Scenario } from './scenario.ts'

/** Absolute path of a file that the scenario names. */
export function pathOf(scenario: Scenario, file: string): string {
  return resolve(dirname(scenario.path), file)
}
