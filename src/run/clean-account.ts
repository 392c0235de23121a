import { cleanUpError } from '../controller/clean-up.ts'
import { findLeftovers, type Leftovers } from '../controller/leftovers.ts'
import { type AccountPlace, findManifest, RESOURCE_KINDS } from '../controller/manifest.ts'
import { removeResources, type ResourceNames } from '../controller/remove-resources.ts'
import { isRunId } from '../controller/run-names.ts'
import { UserError } from '../errors.ts'
import { inEnvironment, placeClients, sleep } from './account.ts'

export interface CleanOptions {
  /** Undefined: every run's. */
  readonly runId: string | undefined
  /** Where to look; what the manifest of the run says comes after it. */
  readonly place: AccountPlace
  /** Results of runs, with their manifests. */
  readonly resultsDir: string
}

export interface FoundLeftovers extends Leftovers {
  /** Where it was looked, for people. */
  readonly whose: string
  /** Removes everything that was found and returns how many resources that were; UserError 101 with all that failed. */
  remove(): Promise<number>
  close(): void
}

/** Everything that fleetsim left in an account. */
export async function findInAccount({ runId, place, resultsDir }: CleanOptions): Promise<FoundLeftovers> {
  if (runId !== undefined && !isRunId(runId))
    throw new UserError(`--run: expected the id of a run in an account such as mhk3z9d1-4f2a1b, found ${runId}`, 2)
  const manifest = runId === undefined ? undefined : findManifest(resultsDir, runId)
  const at = inEnvironment({ ...manifest?.place, ...place })
  const clients = await placeClients(at, at.iot === undefined)
  const leftovers = await findLeftovers(clients, runId, manifest?.certificates ?? [])
  return {
    ...leftovers,
    whose: `${at.iot ?? 'AWS'} ${clients.region}, ${clients.whose}`,
    async remove() {
      let count = 0
      const failures: unknown[] = []
      for (const names of leftovers.runs.values()) {
        const outcome = await removeResources({ clients, sleep }, names)
        count += outcome.removed
        failures.push(...outcome.failures)
      }
      if (failures.length > 0) throw cleanUpError(failures)
      return count
    },
    close: () => clients.destroy(),
  }
}

/** Kinds and names in the order in which they are told. */
export function listed(names: ResourceNames): (readonly [kind: string, names: readonly string[]])[] {
  return RESOURCE_KINDS.flatMap((kind) => (names[kind] ? [[kind, names[kind]] as const] : []))
}
