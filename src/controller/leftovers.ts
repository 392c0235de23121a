import type { AwsClients } from './aws-clients.ts'
import { call } from './call.ts'
import { isMissingFeature } from './missing-feature.ts'
import type { ResourceKind } from './manifest.ts'
import { allPages } from './pages.ts'
import { policyTargets } from './remove-certificate.ts'
import type { ResourceNames } from './remove-resources.ts'
import { prefixOf, RUN_KEY, runOf } from './run-names.ts'

const PAGE = { maxResults: 250 }

export interface Leftovers {
  /** By run id. */
  readonly runs: ReadonlyMap<string, ResourceNames>
  /** Operations that this cloud doesn't have: nothing of theirs can be left. */
  readonly missing: readonly string[]
}

/**
 * Everything that runs left in an account: what has a name that only fleetsim gives, and the certificates that are attached to such policies or
 * things. `runId` limits it to one run; `certificates` are those that its manifest names.
 */
export async function findLeftovers(clients: AwsClients, runId: string | undefined, certificates: readonly string[]): Promise<Leftovers> {
  const found = new Map<string, Map<ResourceKind, Set<string>>>()
  const missing: string[] = []
  const add = (run: string, kind: ResourceKind, name: string) => {
    const kinds = found.get(run) ?? new Map<ResourceKind, Set<string>>()
    found.set(run, kinds.set(kind, (kinds.get(kind) ?? new Set()).add(name)))
  }
  for (const [kind, operation, list] of listings(clients, runId)) {
    try {
      for (const name of await list()) {
        const run = runOf(name)
        if (run !== undefined && (runId === undefined || run === runId)) add(run, kind, name)
      }
    } catch (error) {
      if (!isMissingFeature(error)) throw error
      missing.push(operation)
    }
  }
  for (const [run, kinds] of found) {
    for (const certificate of await attachedCertificates(clients, kinds)) add(run, 'certificate', certificate)
  }
  if (runId !== undefined) {
    for (const certificateId of certificates) if (await exists(clients, certificateId)) add(runId, 'certificate', certificateId)
  }
  return { runs: new Map([...found].map(([run, kinds]) => [run, namesOf(kinds)])), missing }
}

function listings({ iot, s3 }: AwsClients, runId: string | undefined): [ResourceKind, string, () => Promise<string[]>][] {
  const namePrefixFilter = runId === undefined ? 'fleetsim-' : prefixOf(runId)
  // Things may be a million: of one run, its own alone are asked for.
  const ofRun = runId === undefined ? {} : { attributeName: RUN_KEY, attributeValue: runId }
  const names = <T>(items: readonly T[] | undefined, name: (item: T) => string | undefined) => (items ?? []).map((item) => name(item) ?? '')
  const listing = <Page>(
    kind: ResourceKind,
    operation: string,
    read: (next: { nextToken?: string }) => Promise<Page>,
    namesIn: (page: Page) => string[],
    next: (page: Page) => string | undefined,
  ): [ResourceKind, string, () => Promise<string[]>] => [
    kind,
    operation,
    () =>
      allPages(async (at) => {
        const page = await call(operation, read(at))
        return { items: namesIn(page), nextToken: next(page) }
      }),
  ]
  return [
    listing(
      'job',
      'ListJobs',
      (next) => iot.listJobs({ ...PAGE, ...next }),
      ({ jobs }) => names(jobs, ({ jobId }) => jobId),
      ({ nextToken }) => nextToken,
    ),
    listing(
      'ota-update',
      'ListOTAUpdates',
      (next) => iot.listOTAUpdates({ ...PAGE, ...next }),
      ({ otaUpdates }) => names(otaUpdates, ({ otaUpdateId }) => otaUpdateId),
      ({ nextToken }) => nextToken,
    ),
    listing(
      'stream',
      'ListStreams',
      (next) => iot.listStreams({ ...PAGE, ...next }),
      ({ streams }) => names(streams, ({ streamId }) => streamId),
      ({ nextToken }) => nextToken,
    ),
    listing(
      'thing-group',
      'ListThingGroups',
      (next) => iot.listThingGroups({ ...PAGE, namePrefixFilter, ...next }),
      ({ thingGroups }) => names(thingGroups, ({ groupName }) => groupName),
      ({ nextToken }) => nextToken,
    ),
    listing(
      'thing',
      'ListThings',
      (next) => iot.listThings({ ...PAGE, ...ofRun, ...next }),
      ({ things }) => names(things, ({ thingName }) => thingName),
      ({ nextToken }) => nextToken,
    ),
    listing(
      'policy',
      'ListPolicies',
      ({ nextToken: marker }) => iot.listPolicies({ pageSize: 250, ...(marker !== undefined && { marker }) }),
      ({ policies }) => names(policies, ({ policyName }) => policyName),
      ({ nextMarker }) => nextMarker,
    ),
    listing(
      'bucket',
      'ListBuckets',
      ({ nextToken }) => s3.listBuckets(nextToken === undefined ? {} : { ContinuationToken: nextToken }),
      ({ Buckets }) => names(Buckets, ({ Name }) => Name),
      ({ ContinuationToken }) => ContinuationToken,
    ),
  ]
}

/** Ids of the certificates that hang on the policies; of the things one is looked at, for a certificate that has lost its policy. */
async function attachedCertificates({ iot }: AwsClients, kinds: ReadonlyMap<ResourceKind, ReadonlySet<string>>): Promise<string[]> {
  const arns: string[] = []
  for (const policy of kinds.get('policy') ?? []) arns.push(...(await policyTargets(iot, policy)))
  if (!kinds.has('policy')) {
    for (const thingName of kinds.get('thing') ?? []) {
      const { principals = [] } = await call('ListThingPrincipals', iot.listThingPrincipals({ thingName })).catch(() => ({ principals: [] }))
      arns.push(...principals)
    }
  }
  return arns.filter((arn) => arn.includes(':cert/')).map((arn) => arn.slice(arn.lastIndexOf('/') + 1))
}

async function exists({ iot }: AwsClients, certificateId: string): Promise<boolean> {
  return iot.describeCertificate({ certificateId }).then(
    () => true,
    () => false,
  )
}

function namesOf(kinds: ReadonlyMap<ResourceKind, ReadonlySet<string>>): ResourceNames {
  return Object.fromEntries([...kinds].map(([kind, names]) => [kind, [...names].toSorted()]))
}
