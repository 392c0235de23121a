import { IoT } from '@aws-sdk/client-iot'
import { IoTDataPlane } from '@aws-sdk/client-iot-data-plane'
import { IoTJobsDataPlane } from '@aws-sdk/client-iot-jobs-data-plane'
import { S3 } from '@aws-sdk/client-s3'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Connections } from './target.ts'

/**
 * The account that the default credentials of the SDK belong to. Devices connect with one certificate of the test's own, whose policy allows
 * everything. Set AWS_ENDPOINT_URL to send the same to another AWS-compatible cloud over TLS (NODE_EXTRA_CA_CERTS for its authority).
 */
export async function accountTarget(longestWaitSeconds: number): Promise<Connections> {
  const iot = new IoT({})
  const region = await iot.config.region()
  const s3 = new S3({ forcePathStyle: process.env['AWS_ENDPOINT_URL'] !== undefined })
  const addressOf = async (endpointType: string) => (await iot.describeEndpoint({ endpointType })).endpointAddress!
  const jobs = new IoTJobsDataPlane({ endpoint: `https://${await addressOf('iot:Jobs')}` })
  const dataAddress = await addressOf('iot:Data-ATS')
  const data = new IoTDataPlane({ endpoint: `https://${dataAddress}` })
  const identity = await createIdentity(iot)
  // Node reads this variable by itself; AWS's device SDK has to be given the certificates.
  const caFile = process.env['NODE_EXTRA_CA_CERTS']
  const [host, port = '443'] = dataAddress.split(':') as [string, string?]
  return {
    iot,
    jobs,
    data,
    s3,
    region,
    account: identity.certificateArn.split(':')[4]!,
    mqtt: {
      protocol: 'mqtts',
      host,
      port: Number(port),
      ALPNProtocols: ['x-amzn-mqtt-ca'],
      cert: identity.certificatePem,
      key: identity.privateKey,
      ...(caFile && { ca: readFileSync(caFile) }),
    },
    async pass(seconds) {
      if (seconds > longestWaitSeconds) throw new Error(`${seconds} s are too long to wait: give the behaviour embeddedOnly`)
      await sleep(seconds * 1000)
    },
    async close(prefix) {
      await removeAll({ iot, s3 }, prefix)
      await removeIdentity(iot, identity)
      for (const client of [iot, jobs, data, s3]) client.destroy()
    },
  }
}

interface Identity {
  readonly policyName: string
  readonly certificateArn: string
  readonly certificateId: string
  readonly certificatePem: string
  readonly privateKey: string
}

async function createIdentity(iot: IoT): Promise<Identity> {
  const policyName = `fleetsim-conformance-${Date.now().toString(36)}`
  const policyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'iot:*', Resource: '*' }] })
  await iot.createPolicy({ policyName, policyDocument })
  const { certificateArn, certificateId, certificatePem, keyPair } = await iot.createKeysAndCertificate({ setAsActive: true })
  await iot.attachPolicy({ policyName, target: certificateArn! })
  return {
    policyName,
    certificateArn: certificateArn!,
    certificateId: certificateId!,
    certificatePem: certificatePem!,
    privateKey: keyPair!.PrivateKey!,
  }
}

async function removeIdentity(iot: IoT, { policyName, certificateArn, certificateId }: Identity): Promise<void> {
  await iot.detachPolicy({ policyName, target: certificateArn })
  await iot.updateCertificate({ certificateId, newStatus: 'INACTIVE' })
  await iot.deleteCertificate({ certificateId, forceDelete: true })
  await iot.deletePolicy({ policyName })
}

/** Everything whose name begins with the prefix. What a test has removed already is no failure. */
async function removeAll({ iot, s3 }: { iot: IoT; s3: S3 }, prefix: string): Promise<void> {
  const mine = (name: string | undefined): name is string => name?.startsWith(prefix) ?? false
  const gone = async (removal: Promise<unknown>) => void (await removal.catch(() => undefined))
  const { otaUpdates = [] } = await iot.listOTAUpdates({})
  for (const { otaUpdateId } of otaUpdates)
    if (mine(otaUpdateId)) await gone(iot.deleteOTAUpdate({ otaUpdateId, deleteStream: true, forceDeleteAWSJob: true }))
  const { jobs = [] } = await iot.listJobs({ maxResults: 250 })
  for (const { jobId } of jobs) if (mine(jobId)) await gone(iot.deleteJob({ jobId, force: true }))
  const { jobTemplates = [] } = await iot.listJobTemplates({})
  for (const { jobTemplateId } of jobTemplates) if (mine(jobTemplateId)) await gone(iot.deleteJobTemplate({ jobTemplateId }))
  const { streams = [] } = await iot.listStreams({})
  for (const { streamId } of streams) if (mine(streamId)) await gone(iot.deleteStream({ streamId }))
  const { thingGroups = [] } = await iot.listThingGroups({ namePrefixFilter: prefix, maxResults: 250 })
  for (const { groupName } of thingGroups.toReversed()) await gone(iot.deleteThingGroup({ thingGroupName: groupName! }))
  for (const { groupName } of thingGroups) await gone(iot.deleteDynamicThingGroup({ thingGroupName: groupName! }))
  const { things = [] } = await iot.listThings({ maxResults: 250 })
  for (const { thingName } of things) if (mine(thingName)) await gone(removeThing(iot, thingName))
  const { policies = [] } = await iot.listPolicies({})
  for (const { policyName } of policies) if (mine(policyName)) await gone(iot.deletePolicy({ policyName }))
  const { billingGroups = [] } = await iot.listBillingGroups({ namePrefixFilter: prefix })
  for (const { groupName } of billingGroups) await gone(iot.deleteBillingGroup({ billingGroupName: groupName! }))
  const { Buckets = [] } = await s3.listBuckets({})
  for (const { Name } of Buckets) if (mine(Name)) await gone(emptyAndRemove(s3, Name))
}

async function removeThing(iot: IoT, thingName: string): Promise<void> {
  const { principals = [] } = await iot.listThingPrincipals({ thingName })
  for (const principal of principals) await iot.detachThingPrincipal({ thingName, principal })
  await iot.deleteThing({ thingName })
}

async function emptyAndRemove(s3: S3, Bucket: string): Promise<void> {
  const { Versions = [], DeleteMarkers = [] } = await s3.listObjectVersions({ Bucket })
  for (const { Key, VersionId } of [...Versions, ...DeleteMarkers]) await s3.deleteObject({ Bucket, Key: Key!, VersionId: VersionId! })
  await s3.deleteBucket({ Bucket })
}
