import { call, callExpecting } from './call.ts'
import type { ResourceKind } from './manifest.ts'
import { allPages } from './pages.ts'
import { patiently } from './patiently.ts'
import { removeBucket } from './remove-bucket.ts'
import { removeCertificate, removePolicy } from './remove-certificate.ts'
import { cancelJob, type Remover, removeJob, removeOtaUpdate } from './remove-job.ts'
import { sideBySide } from './side-by-side.ts'

/** Names of resources by kind; ids of certificates. */
export type ResourceNames = Partial<Readonly<Record<ResourceKind, readonly string[]>>>

/** In this order nothing is deleted that something else still needs. */
const STEPS: readonly (readonly [ResourceKind, (remover: Remover, name: string) => Promise<unknown>])[] = [
  ['ota-update', removeOtaUpdate],
  ['stream', ({ clients: { iot } }, streamId) => callExpecting('DeleteStream', GONE, iot.deleteStream({ streamId }))],
  ['job', removeAnyJob],
  ['certificate', removeCertificate],
  ['policy', removePolicy],
  ['thing-group', ({ clients: { iot } }, thingGroupName) => call('DeleteThingGroup', iot.deleteThingGroup({ thingGroupName }))],
  ['thing', removeThing],
  ['bucket', removeBucket],
]
const GONE = ['ResourceNotFoundException']
/** Of jobs AWS deletes ten at a time (aws-iot.md §8.3); things are many, and nothing waits for them. */
const MANY: readonly ResourceKind[] = ['thing', 'certificate', 'thing-group']

/** Removes all of it. What fails doesn't keep the rest from being tried. What is gone already counts as removed: a second time does no harm. */
export async function removeResources(remover: Remover, names: ResourceNames): Promise<{ removed: number; failures: unknown[] }> {
  const failures: unknown[] = []
  let removed = 0
  for (const [kind, remove] of STEPS) {
    const attempt = async (name: string) => {
      try {
        await remove(remover, name)
        removed += 1
      } catch (failure) {
        failures.push(failure)
      }
    }
    const all = names[kind] ?? []
    if (MANY.includes(kind)) await sideBySide(all, attempt)
    else for (const name of all) await attempt(name)
  }
  return { removed, failures }
}

async function removeAnyJob(remover: Remover, jobId: string): Promise<void> {
  await cancelJob(remover.clients, jobId, true, 'CLEAN_UP', 'The run is over')
  await removeJob(remover, jobId)
}

async function removeThing({ clients: { iot }, sleep }: Remover, thingName: string): Promise<void> {
  await patiently(sleep, async () => {
    try {
      await call('DeleteThing', iot.deleteThing({ thingName }))
    } catch (error) {
      // As a rule its certificate is gone by now; one that nobody knew of is detached here.
      const principals = await allPages(async (next) => {
        const page = await callExpecting('ListThingPrincipals', GONE, iot.listThingPrincipals({ thingName, ...next }))
        return { items: page?.principals, nextToken: page?.nextToken }
      })
      for (const principal of principals) await call('DetachThingPrincipal', iot.detachThingPrincipal({ thingName, principal }))
      throw error
    }
  })
}
