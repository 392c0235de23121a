import { call, callExpecting } from './call.ts'
import { allPages } from './pages.ts'
import { patiently } from './patiently.ts'
import type { Remover } from './remove-job.ts'
import { sideBySide } from './side-by-side.ts'

const GONE = ['ResourceNotFoundException']

/** Detaches a certificate from its things, deactivates it and deletes it, whatever policies it has. */
export async function removeCertificate({ clients: { iot }, sleep }: Remover, certificateId: string): Promise<void> {
  const found = await callExpecting('DescribeCertificate', GONE, iot.describeCertificate({ certificateId }))
  if (!found) return
  const principal = found.certificateDescription?.certificateArn ?? ''
  const things = await allPages(async (nextToken) => {
    const page = await call('ListPrincipalThings', iot.listPrincipalThings({ principal, maxResults: 250, ...nextToken }))
    return { items: page.things, nextToken: page.nextToken }
  })
  await sideBySide(things, (thingName) => call('DetachThingPrincipal', iot.detachThingPrincipal({ thingName, principal })))
  await call('UpdateCertificate', iot.updateCertificate({ certificateId, newStatus: 'INACTIVE' }))
  await patiently(sleep, () => callExpecting('DeleteCertificate', GONE, iot.deleteCertificate({ certificateId, forceDelete: true })))
}

/** Detaches a policy from everything and deletes it with its versions. */
export async function removePolicy({ clients: { iot }, sleep }: Remover, policyName: string): Promise<void> {
  for (const target of await policyTargets(iot, policyName)) await call('DetachPolicy', iot.detachPolicy({ policyName, target }))
  const versions = await callExpecting('ListPolicyVersions', GONE, iot.listPolicyVersions({ policyName }))
  for (const { versionId: policyVersionId, isDefaultVersion } of versions?.policyVersions ?? []) {
    if (!isDefaultVersion) await call('DeletePolicyVersion', iot.deletePolicyVersion({ policyName, policyVersionId }))
  }
  await patiently(sleep, () => callExpecting('DeletePolicy', GONE, iot.deletePolicy({ policyName })))
}

/** ARNs of what a policy is attached to; nothing when there is no such policy. */
export async function policyTargets(iot: Remover['clients']['iot'], policyName: string): Promise<string[]> {
  return allPages(async ({ nextToken: marker }) => {
    const request = { policyName, pageSize: 250, ...(marker !== undefined && { marker }) }
    const page = await callExpecting('ListTargetsForPolicy', GONE, iot.listTargetsForPolicy(request))
    return { items: page?.targets, nextToken: page?.nextMarker }
  })
}
