/** How what a run makes in an account is named, so that it can be told from everything else there. */

/** What every name begins with. */
const MARK = 'fleetsim-'
/** 8 characters of time and 6 of chance: names of buckets are shared by all accounts of the world. */
const RUN_ID = /^[0-9a-z]{8}-[0-9a-f]{6}$/
const OF_RUN = /^(?:upparat_)?fleetsim-([0-9a-z]{8}-[0-9a-f]{6})(?:-|$)/

/** Upparat looks at no job whose id doesn't begin so. */
export const UPPARAT_PREFIX = 'upparat_'

/** The tag and thing attribute that says which run made a resource. */
export const RUN_KEY = 'fleetsim:run'

/** `mhk3z9d1-4f2a1b`; `chance` is 6 hex digits. */
export function accountRunId(nowMs: number, chance: string): string {
  return `${nowMs.toString(36).padStart(8, '0')}-${chance}`
}

export function isRunId(text: string): boolean {
  return RUN_ID.test(text)
}

/** `fleetsim-<run>-` */
export function prefixOf(runId: string): string {
  return `${MARK}${runId}-`
}

/** The run that a resource of this name belongs to; undefined for anything that fleetsim did not name. */
export function runOf(name: string): string | undefined {
  return OF_RUN.exec(name)?.[1]
}
