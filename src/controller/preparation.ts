import { UserError } from '../errors.ts'
import { cloudName, deviceName, type DeviceKind, type FleetGroup } from '../ports/fleet.ts'
import { call, callExpecting } from './call.ts'
import { contentOf } from './config.ts'
import { imageFor, loadImages, type PublishedImage } from './image.ts'
import { runTags } from './job-input.ts'
import type { ControllerOptions } from './options.ts'
import type { Resources } from './resources.ts'
import { targetGroups } from './targets.ts'

/** What is in the cloud before the first rollout. */
export interface Preparation {
  readonly bucket: string
  /** The image as devices of this kind get it. Only for what the rollouts of the scenario need. */
  readonly image: (name: string, kind: DeviceKind) => PublishedImage
  /** ARNs of the thing groups, by the names of the fleet's groups. */
  readonly groupArns: ReadonlyMap<string, string>
  /** The version of an uploaded object, by its key; undefined where the bucket has none. */
  readonly objectVersion: (key: string) => string | undefined
  readonly resources: Resources
}

/** Puts images, groups and things into the cloud and looks whether they arrived. What was made is noted in `resources` at once. */
export async function prepareCloud(options: ControllerOptions, resources: Resources): Promise<Preparation> {
  const images = neededImages(options)
  const bucket = await createBucket(options, resources)
  const versions = new Map<string, string | undefined>()
  for (const image of images.values()) versions.set(image.key, await upload(options, resources, bucket, image))
  const groupArns = new Map<string, string>()
  for (const group of options.fleet.groups.filter(isOfAws)) groupArns.set(group.name, await createGroup(options, resources, group))
  return { bucket, image: (name, kind) => images.get(`${name}/${kind}`)!, groupArns, objectVersion: (key) => versions.get(key), resources }
}

/** Devices of the OLT platform are no things. */
function isOfAws({ kind }: FleetGroup): boolean {
  return kind !== 'olt-gateway' && kind !== 'olt-device'
}

/** Every image in every variant that a rollout of AWS asks for (firmware of the OLT platform lies there), by `<name>/<kind>`. */
function neededImages({ scenario, fleet }: ControllerOptions): Map<string, PublishedImage> {
  const images = loadImages(scenario, scenario.seed)
  const needed = new Map<string, PublishedImage>()
  for (const { image, targets } of scenario.rollouts.filter((rollout) => !('oltInstallation' in rollout)).map(contentOf)) {
    for (const { kind } of targetGroups(fleet, targets)) {
      const key = `${image}/${kind}`
      if (!needed.has(key)) needed.set(key, imageFor(images.get(image)!, kind))
    }
  }
  return needed
}

async function createBucket({ clients, runId, account, scenario }: ControllerOptions, resources: Resources): Promise<string> {
  const Bucket = `fleetsim-${runId}`
  account?.note('bucket', Bucket)
  // S3 refuses us-east-1 as a location constraint: it is what no constraint means.
  const location = clients.region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: clients.region as 'eu-west-1' } }
  await call('CreateBucket', clients.s3.createBucket({ Bucket, ...location }))
  resources.bucket = Bucket
  // Not every AWS-compatible cloud has tags for buckets; the name tells as much.
  if (account)
    await callExpecting(
      'PutBucketTagging',
      ['NotImplemented', 'MethodNotAllowed'],
      clients.s3.putBucketTagging({ Bucket, Tagging: { TagSet: runTags(runId) } }),
    )
  // What is signed and streamed for OTA updates is a version of an object.
  if (scenario.rollouts.some((rollout) => 'otaUpdate' in rollout)) {
    resources.isVersioned = true
    await call('PutBucketVersioning', clients.s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }))
  }
  return Bucket
}

async function upload(
  { clients, clock, now0, emit }: ControllerOptions,
  resources: Resources,
  Bucket: string,
  image: PublishedImage,
): Promise<string | undefined> {
  const { key: Key, name, version, bytes, crc32 } = image
  const { VersionId } = await call('PutObject', clients.s3.putObject({ Bucket, Key, Body: bytes, ContentType: 'application/octet-stream' }))
  resources.objects.add(Key)
  const { ContentLength } = await call('HeadObject', clients.s3.headObject({ Bucket, Key }))
  if (ContentLength !== bytes.length) throw new UserError(`image ${name}: ${bytes.length} bytes uploaded, but S3 has ${ContentLength}`, 97)
  emit({ at: clock.now() - now0, type: 'image-uploaded', image: name, version, bytes: bytes.length, crc32 })
  return VersionId
}

async function createGroup(options: ControllerOptions, resources: Resources, group: FleetGroup): Promise<string> {
  const { clients, runId, registerThings, account, signal } = options
  const thingGroupName = cloudName(group)
  account?.note('thing-group', thingGroupName)
  await call('CreateThingGroup', clients.iot.createThingGroup({ thingGroupName, tags: runTags(runId) }))
  resources.groups.add(thingGroupName)
  await registerThings(thingGroupName, names(group), signal)
  const { thingGroupArn } = await call('DescribeThingGroup', clients.iot.describeThingGroup({ thingGroupName }))
  if (thingGroupArn === undefined) throw new UserError(`the cloud gave thing group ${thingGroupName} no ARN`, 97)
  return thingGroupArn
}

function* names(group: FleetGroup): Iterable<string> {
  for (let device = group.first; device < group.first + group.count; device++) yield deviceName(group, device)
}
