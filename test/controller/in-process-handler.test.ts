import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { awsClients } from '../../src/controller/aws-clients.ts'
import { inProcessHandler, type InProcessRequest, type InProcessResponse } from '../../src/controller/in-process-handler.ts'

/** The real SDK over a door that records what it was asked and gives this answer. */
async function sdkOver(answer: Partial<InProcessResponse>) {
  const requests: InProcessRequest[] = []
  const requestHandler = inProcessHandler((request) => {
    requests.push(request)
    return { status: 200, headers: {}, body: '', ...answer }
  })
  const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' }
  const clients = await awsClients({ endpoint: 'http://127.0.0.1:4610', region: 'eu-west-1', credentials, requestHandler })
  return { clients, requests }
}

describe('the SDK over a door in process', () => {
  test('asks with method, path, query and host, signed for the service and region', async () => {
    const { clients, requests } = await sdkOver({ body: '{"executionSummaries":[]}' })
    await clients.iot.listJobExecutionsForJob({ jobId: 'j1', maxResults: 250, nextToken: 'a=b/c (d)' })
    const { method, url, headers } = requests[0]!
    expect([method, url]).toEqual(['GET', '/jobs/j1/things?maxResults=250&nextToken=a%3Db%2Fc%20%28d%29'])
    expect(headers['host']).toBe('127.0.0.1:4610')
    expect(headers['authorization']).toMatch(/Credential=key\/\d{8}\/eu-west-1\/iot\/aws4_request/)
  })

  test('reads JSON answers, given as text or bytes', async () => {
    const body = '{"job":{"jobId":"j1","status":"COMPLETED","createdAt":1560787022.733}}'
    for (const form of [body, Buffer.from(body)]) {
      const { clients } = await sdkOver({ body: form })
      const { job } = await clients.iot.describeJob({ jobId: 'j1' })
      expect([job?.status, job?.createdAt]).toEqual(['COMPLETED', new Date(1560787022733)])
    }
  })

  test('throws errors by their AWS name', async () => {
    const { clients } = await sdkOver({ status: 404, headers: { 'x-amzn-errortype': 'ResourceNotFoundException' }, body: '{"message":"no job"}' })
    await expect(clients.iot.describeJob({ jobId: 'j1' })).rejects.toMatchObject({ name: 'ResourceNotFoundException', message: 'no job' })
  })

  test('reads XML errors of S3, and uses paths for buckets', async () => {
    const { clients, requests } = await sdkOver({ status: 404, body: '<Error><Code>NoSuchBucket</Code><Message>gone</Message></Error>' })
    await expect(clients.s3.deleteBucket({ Bucket: 'b' })).rejects.toMatchObject({ name: 'NoSuchBucket', message: 'gone' })
    expect(requests[0]?.url).toBe('/b/')
  })

  const chunked = '4\r\nfirm\r\n4\r\nware\r\n0\r\nx-amz-checksum-crc32:1ezXxA==\r\n\r\n'
  const bodies: [string, Uint8Array | string | Readable, string][] = [
    ['bytes as they are', Buffer.from('firmware'), 'firmware'],
    ['text as it is', 'firmware', 'firmware'],
    [
      'a stream to its end, framed and with the checksum that the SDK puts behind it',
      Readable.from([Buffer.from('firm'), Buffer.from('ware')]),
      chunked,
    ],
  ]
  test.each(bodies)('uploads %s', async (_form, body, sent) => {
    const { clients, requests } = await sdkOver({ headers: { etag: '"1"' } })
    await clients.s3.putObject({ Bucket: 'b', Key: 'app/1.0.1/tracker.bin', Body: body, ContentLength: 8 })
    expect(requests[0]?.url).toBe('/b/app/1.0.1/tracker.bin?x-id=PutObject')
    expect(Buffer.from(requests[0]!.body).toString()).toBe(sent)
  })

  test('hands the body of GetObject on as a stream', async () => {
    const { clients } = await sdkOver({ headers: { 'content-length': '8' }, body: 'firmware' })
    const { Body } = await clients.s3.getObject({ Bucket: 'b', Key: 'k' })
    expect(await Body?.transformToString()).toBe('firmware')
  })

  test('publishes a message with its QoS', async () => {
    const { clients, requests } = await sdkOver({})
    await clients.data.publish({ topic: 'scarecro/g-000000/firmware_image', qos: 1, payload: Buffer.from('{}') })
    expect([requests[0]?.method, requests[0]?.url]).toEqual(['POST', '/topics/scarecro%2Fg-000000%2Ffirmware_image?qos=1'])
    expect(Buffer.from(requests[0]!.body).toString()).toBe('{}')
  })
})
