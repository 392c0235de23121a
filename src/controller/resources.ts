/** What this run made in the cloud and has not removed yet. */
export class Resources {
  bucket: string | undefined
  readonly objects = new Set<string>()
  readonly groups = new Set<string>()
  readonly jobs = new Set<string>()
}
