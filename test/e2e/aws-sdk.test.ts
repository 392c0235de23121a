import {
  AddThingToThingGroupCommand,
  CreateThingCommand,
  CreateThingGroupCommand,
  DeleteThingCommand,
  DescribeEndpointCommand,
  DescribeThingCommand,
  DescribeThingGroupCommand,
  IoTClient,
  ListTagsForResourceCommand,
  ListThingsCommand,
  ListThingsInThingGroupCommand,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
  TagResourceCommand,
} from '@aws-sdk/client-iot'
import { IoTDataPlaneClient, PublishCommand } from '@aws-sdk/client-iot-data-plane'
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { VirtualClock } from '../../src/clock/virtual.ts'
import { Cloud } from '../../src/cloud/cloud.ts'
import { startHttpServer } from '../../src/cloud/http/server.ts'

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'

const credentials = { accessKeyId: 'AKIAFLEETSIM', secretAccessKey: 'sesame' }
const region = 'eu-central-1'
const image = randomBytes(50_000)

let cloud: Cloud
let endpoint: string
let close: () => Promise<void>
let simulatedMs = Date.UTC(2026, 0, 1)
const published: [string, string][] = []

beforeAll(async () => {
  const port = await freePort()
  endpoint = `http://127.0.0.1:${port}`
  const timers = new VirtualClock(simulatedMs)
  const clock = { now: () => simulatedMs, wake: timers.wake.bind(timers) }
  cloud = new Cloud({ clock, credentials, url: endpoint, mqttEndpoint: '127.0.0.1:1883' })
  const server = await startHttpServer(cloud, { host: '127.0.0.1', port })
  close = () => server.close()
  cloud.bus.attach({
    wanted: () => true,
    publish: (topic, payload) => void published.push([topic, Buffer.from(payload as Uint8Array).toString()]),
  })
})

afterAll(() => close())

beforeEach(async () => {
  const answer = await fetch(`${endpoint}/_fleetsim/reset`, { method: 'POST' })
  expect(answer.status).toBe(200)
})

const iot = () => new IoTClient({ endpoint, region, credentials })
const s3 = () => new S3Client({ endpoint, region, credentials, forcePathStyle: true })

test('things: created twice alike, refused when different, described, listed by page, deleted twice', async () => {
  const client = iot()
  const first = await client.send(new CreateThingCommand({ thingName: 'room:1', attributePayload: { attributes: { floor: '2' } } }))
  expect(first.thingArn).toBe(`arn:aws:iot:${region}:123456789012:thing/room:1`)
  expect(first.thingId).toMatch(/^[0-9a-f-]{36}$/)
  const again = await client.send(new CreateThingCommand({ thingName: 'room:1', attributePayload: { attributes: { floor: '2' } } }))
  expect(again.thingId).toBe(first.thingId)
  const refused = await client.send(new CreateThingCommand({ thingName: 'room:1' })).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(ResourceAlreadyExistsException)
  expect(refused).toMatchObject({ name: 'ResourceAlreadyExistsException', resourceArn: first.thingArn })

  const described = await client.send(new DescribeThingCommand({ thingName: 'room:1' }))
  expect(described).toMatchObject({ defaultClientId: 'room:1', version: 1, attributes: { floor: '2' } })
  for (const index of [2, 3]) await client.send(new CreateThingCommand({ thingName: `room:${index}` }))
  const page = await client.send(new ListThingsCommand({ maxResults: 2 }))
  const rest = await client.send(new ListThingsCommand({ maxResults: 2, nextToken: page.nextToken }))
  expect([...page.things!, ...rest.things!].map(({ thingName }) => thingName)).toEqual(['room:1', 'room:2', 'room:3'])
  expect(rest.nextToken).toBeUndefined()

  await client.send(new DeleteThingCommand({ thingName: 'room:1' }))
  await client.send(new DeleteThingCommand({ thingName: 'room:1' }))
  const gone = await client.send(new DescribeThingCommand({ thingName: 'room:1' })).catch((error: unknown) => error)
  expect(gone).toBeInstanceOf(ResourceNotFoundException)
})

test('groups: nested, with members and tags; dates are dates', async () => {
  const client = iot()
  const { thingGroupArn } = await client.send(new CreateThingGroupCommand({ thingGroupName: 'plant', tags: [{ Key: 'stage', Value: 'test' }] }))
  await client.send(new CreateThingGroupCommand({ thingGroupName: 'hall', parentGroupName: 'plant' }))
  await client.send(new CreateThingCommand({ thingName: 't1' }))
  await client.send(new AddThingToThingGroupCommand({ thingName: 't1', thingGroupName: 'hall' }))
  await client.send(new TagResourceCommand({ resourceArn: thingGroupArn!, tags: [{ Key: 'owner', Value: 'me' }] }))

  const members = await client.send(new ListThingsInThingGroupCommand({ thingGroupName: 'plant', recursive: true }))
  expect(members.things).toEqual(['t1'])
  const { thingGroupMetadata } = await client.send(new DescribeThingGroupCommand({ thingGroupName: 'hall' }))
  expect(thingGroupMetadata).toMatchObject({ parentGroupName: 'plant', creationDate: new Date(simulatedMs) })
  const { tags } = await client.send(new ListTagsForResourceCommand({ resourceArn: thingGroupArn! }))
  expect(tags).toEqual([
    { Key: 'stage', Value: 'test' },
    { Key: 'owner', Value: 'me' },
  ])
})

test('DescribeEndpoint names the doors, a message goes to the bus', async () => {
  const client = iot()
  expect((await client.send(new DescribeEndpointCommand({ endpointType: 'iot:Data-ATS' }))).endpointAddress).toBe('127.0.0.1:1883')
  expect((await client.send(new DescribeEndpointCommand({ endpointType: 'iot:Jobs' }))).endpointAddress).toBe(new URL(endpoint).host)

  const data = new IoTDataPlaneClient({ endpoint, region, credentials })
  await data.send(new PublishCommand({ topic: 'a/b c/d', qos: 1, payload: Buffer.from('hello') }))
  expect(published).toContainEqual(['a/b c/d', 'hello'])
})

test('wrong keys: each service says so in its own words', async () => {
  const wrong = { ...credentials, secretAccessKey: 'open' }
  const unknown = { ...credentials, accessKeyId: 'AKIANOBODY' }
  await expect(new IoTClient({ endpoint, region, credentials: wrong }).send(new ListThingsCommand({}))).rejects.toThrow(
    expect.objectContaining({ name: 'InvalidSignatureException' }),
  )
  await expect(new IoTClient({ endpoint, region, credentials: unknown }).send(new ListThingsCommand({}))).rejects.toThrow(
    expect.objectContaining({ name: 'UnrecognizedClientException' }),
  )
  const get = new GetObjectCommand({ Bucket: 'images', Key: 'app.bin' })
  await expect(new S3Client({ endpoint, region, credentials: wrong, forcePathStyle: true }).send(get)).rejects.toThrow(
    expect.objectContaining({ name: 'SignatureDoesNotMatch' }),
  )
  await expect(new S3Client({ endpoint, region, credentials: unknown, forcePathStyle: true }).send(get)).rejects.toThrow(
    expect.objectContaining({ name: 'InvalidAccessKeyId' }),
  )
})

test('objects: put as buffer and as stream, read whole, in ranges and by condition, copied, listed and deleted', async () => {
  const client = s3()
  await client.send(new CreateBucketCommand({ Bucket: 'images' }))
  const key = "a dir//ünï (v1)+'é'.bin"
  await client.send(new PutObjectCommand({ Bucket: 'images', Key: key, Body: image, Metadata: { build: '7' } }))
  const stream = Readable.from([image.subarray(0, 20_000), image.subarray(20_000)])
  const streamed = new PutObjectCommand({ Bucket: 'images', Key: 'streamed.bin', Body: stream, ContentLength: image.length })
  expect((await client.send(streamed)).ChecksumCRC32).toMatch(/=$/)

  for (const Key of [key, 'streamed.bin']) {
    const got = await client.send(new GetObjectCommand({ Bucket: 'images', Key }))
    expect(Buffer.from(await got.Body!.transformToByteArray()).equals(image)).toBe(true)
    expect(got.ContentEncoding).toBeUndefined()
    expect(got.ChecksumCRC32).toMatch(/=$/)
  }
  const head = await client.send(new HeadObjectCommand({ Bucket: 'images', Key: key }))
  expect(head).toMatchObject({ ContentLength: image.length, Metadata: { build: '7' }, LastModified: new Date(simulatedMs) })

  const part = await client.send(new GetObjectCommand({ Bucket: 'images', Key: key, Range: 'bytes=10-19', IfMatch: head.ETag }))
  expect(part.ContentRange).toBe('bytes 10-19/50000')
  expect(Buffer.from(await part.Body!.transformToByteArray()).equals(image.subarray(10, 20))).toBe(true)
  const unchanged = await client.send(new GetObjectCommand({ Bucket: 'images', Key: key, IfNoneMatch: head.ETag })).catch((error: unknown) => error)
  expect(unchanged).toMatchObject({ $metadata: { httpStatusCode: 304 } })
  const missing = await client.send(new GetObjectCommand({ Bucket: 'images', Key: 'no' })).catch((error: unknown) => error)
  expect(missing).toBeInstanceOf(NoSuchKey)

  await client.send(new CopyObjectCommand({ Bucket: 'images', Key: 'copy.bin', CopySource: `images/${encodeURIComponent(key)}` }))
  const listed = await client.send(new ListObjectsV2Command({ Bucket: 'images', MaxKeys: 2 }))
  const rest = await client.send(new ListObjectsV2Command({ Bucket: 'images', ContinuationToken: listed.NextContinuationToken }))
  expect([...listed.Contents!, ...rest.Contents!].map(({ Key }) => Key)).toEqual([key, 'copy.bin', 'streamed.bin'])
  await client.send(new DeleteObjectsCommand({ Bucket: 'images', Delete: { Objects: [{ Key: key }, { Key: 'copy.bin' }] } }))
  expect((await client.send(new ListObjectsV2Command({ Bucket: 'images' }))).KeyCount).toBe(1)
})

test('virtual-hosted style: the bucket in the host name', async () => {
  await s3().send(new CreateBucketCommand({ Bucket: 'images' }))
  cloud.objects.put('images', 'app.bin', image, { contentType: 'x', headers: {}, checksums: {} })
  const port = new URL(endpoint).port
  const client = new S3Client({ endpoint: `http://localhost:${port}`, region, credentials })
  const got = await client
    .send(new GetObjectCommand({ Bucket: 'images', Key: 'app.bin' }))
    .catch((error: unknown) => error as Error & { code?: string })
  // Not every resolver knows that `images.localhost` is this machine.
  if (got instanceof Error) expect(['ENOTFOUND', 'EAI_AGAIN']).toContain(got.code)
  else expect((await got.Body!.transformToByteArray()).length).toBe(image.length)
})

test('versions: a deleted key can still be read by its version', async () => {
  const client = s3()
  await client.send(new CreateBucketCommand({ Bucket: 'images' }))
  await client.send(new PutBucketVersioningCommand({ Bucket: 'images', VersioningConfiguration: { Status: 'Enabled' } }))
  const put = (Body: string) => client.send(new PutObjectCommand({ Bucket: 'images', Key: 'app.bin', Body }))
  const [first] = [await put('one'), await put('two')]
  await client.send(new DeleteObjectsCommand({ Bucket: 'images', Delete: { Objects: [{ Key: 'app.bin' }] } }))
  await expect(client.send(new GetObjectCommand({ Bucket: 'images', Key: 'app.bin' }))).rejects.toThrow(
    expect.objectContaining({ name: 'NoSuchKey' }),
  )
  const got = await client.send(new GetObjectCommand({ Bucket: 'images', Key: 'app.bin', VersionId: first.VersionId! }))
  expect(await got.Body!.transformToString()).toBe('one')
})

test('a URL that the SDK presigned on wall time: ranges work, HEAD and a changed key do not', async () => {
  const client = s3()
  await client.send(new CreateBucketCommand({ Bucket: 'images' }))
  await client.send(new PutObjectCommand({ Bucket: 'images', Key: 'app v1.bin', Body: image }))
  const url = await getSignedUrl(client, new GetObjectCommand({ Bucket: 'images', Key: 'app v1.bin' }), { expiresIn: 60 })
  for (const [range, length] of [
    ['bytes=-1', 1],
    ['bytes=5-', 49_995],
    ['bytes=0-999999', 50_000],
  ] as const) {
    const got = await fetch(url, { headers: { range } })
    expect(got.status).toBe(206)
    expect((await got.arrayBuffer()).byteLength).toBe(length)
  }
  const beyond = await fetch(url, { headers: { range: 'bytes=999999-' } })
  expect(beyond.status).toBe(416)
  expect(await beyond.text()).toContain('<ActualObjectSize>50000</ActualObjectSize>')
  expect((await fetch(url, { method: 'HEAD' })).status).toBe(403)
  const tampered = await fetch(url.replace('v1', 'v2'))
  expect(tampered.status).toBe(403)
  expect(await tampered.text()).toContain('<Code>SignatureDoesNotMatch</Code>')
})

test("the cloud's own presigned URL expires on simulated time", async () => {
  await s3().send(new CreateBucketCommand({ Bucket: 'images' }))
  await s3().send(new PutObjectCommand({ Bucket: 'images', Key: 'app.bin', Body: image }))
  const url = cloud.objects.presign('https://s3.eu-central-1.amazonaws.com/images/app.bin', 300)
  expect((await fetch(url)).status).toBe(200)
  simulatedMs += 301_000
  const expired = await fetch(url)
  expect(expired.status).toBe(403)
  expect(await expired.text()).toMatch(/<Message>Request has expired<\/Message>.*<ServerTime>2026-01-01T00:05:01Z<\/ServerTime>/)
})

test('a port in use is told by its error code; a closed server frees the port at once', async () => {
  const { port } = new URL(endpoint)
  await expect(startHttpServer(cloud, { host: '127.0.0.1', port: Number(port) })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  const second = await startHttpServer(cloud, { host: '127.0.0.1', port: 0 })
  expect((await fetch(`http://127.0.0.1:${second.port}/`)).status).toBe(403)
  await second.close()
  const third = await startHttpServer(cloud, { host: '127.0.0.1', port: second.port })
  await third.close()
})

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
