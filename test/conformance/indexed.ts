import type { Target } from './target.ts'

/** Fleet indexing of registry, shadows and connections is on, and the index is built. It belongs to the account: on AWS nobody touches it. */
export async function indexed(target: Target): Promise<void> {
  await target.iot.updateIndexingConfiguration({
    thingIndexingConfiguration: { thingIndexingMode: 'REGISTRY_AND_SHADOW', thingConnectivityIndexingMode: 'STATUS' },
  })
  await target.pass(120)
}
