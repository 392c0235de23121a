import type { Threshold } from '../report/threshold.ts'
import type { ScenarioFile } from './schema.ts'

/** A valid scenario, as the rest of the program trusts it: every name resolves, every quantity is in its base unit, nothing changes any more. */
export interface Scenario extends Omit<ScenarioFile, 'thresholds'> {
  /** Where it was read, for messages and relative image files. */
  readonly path: string
  /** The text after `${ENV}` expansion and `--set`, as it is written to the results. */
  readonly text: string
  readonly thresholds: readonly Threshold[]
}
