import { GetThingShadowCommand, IoTDataPlaneClient, UpdateThingShadowCommand } from '@aws-sdk/client-iot-data-plane'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { connectAsync } from 'mqtt'
import type { IPublishPacket, MqttClient } from 'mqtt'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { instructions } from '../../src/cli/cloud.ts'
import { ScaledClock } from '../../src/clock/scaled.ts'
import { startCloud } from '../../src/cloud/start.ts'
import type { RunningCloud } from '../../src/cloud/start.ts'
import { createJob, createThings } from '../cloud/mqtt/door-world.ts'
import { describeWith } from '../peer.ts'

const T = '$aws/things/t1'
const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' }

let clock: ScaledClock
let running: RunningCloud
let clients: MqttClient[]

beforeEach(async () => {
  clock = ScaledClock.starting(1)
  running = await startCloud({ clock, host: '127.0.0.1', httpPort: 0, mqttPort: 0, credentials })
  clients = []
})
afterEach(async () => {
  for (const client of clients) client.end(true)
  await running.close()
  clock.stop()
})

async function connect(clientId: string): Promise<MqttClient> {
  const client = await connectAsync(`mqtt://127.0.0.1:${running.mqttPort}`, { clientId, reconnectPeriod: 0, protocolVersion: 4 })
  clients.push(client)
  client.on('error', () => {})
  return client
}

/** The next messages, as packets. */
function messages(client: MqttClient, count: number): Promise<IPublishPacket[]> {
  const packets: IPublishPacket[] = []
  return new Promise((resolve) => {
    client.on('message', function listen(_topic, _payload, packet) {
      packets.push(packet)
      if (packets.length < count) return
      client.off('message', listen)
      resolve(packets)
    })
  })
}

describe('MQTT.js against the door', () => {
  test('a device runs a job: notify-next, start-next, update', async () => {
    createThings(running.cloud, 't1')
    const device = await connect('t1')
    await device.subscribeAsync(`${T}/jobs/notify-next`, { qos: 1 })
    const notified = messages(device, 1)
    createJob(running.cloud, 'j1', 't1')
    const [notification] = await notified
    expect(notification).toMatchObject({ topic: `${T}/jobs/notify-next`, qos: 1, retain: false })
    expect(JSON.parse(notification!.payload.toString()).execution).toMatchObject({ jobId: 'j1', status: 'QUEUED', jobDocument: { job: 'j1' } })

    const answered = messages(device, 1)
    await device.publishAsync(`${T}/jobs/start-next`, '{"clientToken":"a"}', { qos: 1 })
    expect(JSON.parse((await answered)[0]!.payload.toString())).toMatchObject({ clientToken: 'a', execution: { jobId: 'j1', status: 'IN_PROGRESS' } })

    const done = messages(device, 2)
    await device.publishAsync(`${T}/jobs/j1/update`, '{"status":"SUCCEEDED"}', { qos: 1 })
    expect((await done).map(({ topic }) => topic).sort()).toEqual([`${T}/jobs/j1/update/accepted`, `${T}/jobs/notify-next`])
  })

  test('a direct answer has the QoS of the subscription, and 0 without one', async () => {
    createThings(running.cloud, 't1')
    const device = await connect('t1')
    const unasked = messages(device, 1)
    device.publish(`${T}/jobs/get`, '{}')
    expect((await unasked)[0]!.qos).toBe(0)
    await device.subscribeAsync(`${T}/jobs/get/+`, { qos: 1 })
    const asked = messages(device, 1)
    device.publish(`${T}/jobs/get`, '{}')
    expect((await asked)[0]!.qos).toBe(1)
  })

  test('row 75: a retained message says that it is one, a live one does not', async () => {
    const client = await connect('c1')
    await client.subscribeAsync('a/b', { qos: 1 })
    const live = messages(client, 1)
    await client.publishAsync('a/b', 'x', { qos: 1, retain: true })
    expect((await live)[0]!.retain).toBe(false)
    const other = await connect('c2')
    const kept = messages(other, 1)
    await other.subscribeAsync('a/b', { qos: 1 })
    expect((await kept)[0]).toMatchObject({ retain: true, topic: 'a/b' })
  })

  test('a QoS 2 PUBLISH and SUBSCRIBE are not acknowledged, and the connection stays', async () => {
    const client = await connect('c1')
    const acknowledged: string[] = []
    client.on('packetreceive', ({ cmd }) => acknowledged.push(cmd))
    client.publish('a/b', 'x', { qos: 2 })
    client.subscribe('a/#', { qos: 2 })
    await client.subscribeAsync('a/+', { qos: 1 })
    const heard = messages(client, 1)
    await client.publishAsync('a/c', 'y', { qos: 1 })
    expect((await heard)[0]!.topic).toBe('a/c')
    expect(acknowledged.filter((cmd) => cmd !== 'pingresp').sort()).toEqual(['puback', 'publish', 'suback'])
  })

  test('500 clients at once all get their own notification, none is lost', async () => {
    const topics = Array.from({ length: 500 }, (_, i) => `$aws/things/d${i}/jobs/notify-next`)
    const devices = await Promise.all(topics.map((_, i) => connect(`d${i}`)))
    await Promise.all(devices.map((device, i) => device.subscribeAsync(topics[i]!, { qos: 1 })))
    expect(running.mqttConnections()).toBe(500)
    const notified = Promise.all(devices.map((device) => messages(device, 1)))
    for (const topic of topics) running.cloud.bus.publish(topic, '{}')
    expect((await notified).map(([packet]) => packet!.topic)).toEqual(topics)
  })

  test('the AWS SDK writes a shadow and a device hears of it; an absent one is told by name (row 35)', async () => {
    const device = await connect('t1')
    await device.subscribeAsync(`${T}/shadow/update/delta`, { qos: 1 })
    const heard = messages(device, 1)
    const sdk = new IoTDataPlaneClient({ endpoint: running.httpUrl, region: 'us-east-1', credentials })
    const payload = Buffer.from('{"state":{"desired":{"fw":"2"}}}')
    const answer = await sdk.send(new UpdateThingShadowCommand({ thingName: 't1', payload }))
    expect(JSON.parse(Buffer.from(answer.payload!).toString())).toMatchObject({ state: { desired: { fw: '2' } }, version: 1 })
    expect(JSON.parse((await heard)[0]!.payload.toString())).toMatchObject({ state: { fw: '2' }, version: 1 })
    await expect(sdk.send(new GetThingShadowCommand({ thingName: 'nobody' }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    sdk.destroy()
  })

  test('closing ends every connection', async () => {
    const client = await connect('c1')
    const closed = new Promise<void>((resolve) => client.once('close', resolve))
    await running.close()
    await closed
    expect(running.mqttConnections()).toBe(0)
  })
})

describe('starting', () => {
  test.each(['httpPort', 'mqttPort'] as const)(
    'a %s in use is refused with the port and the flag, and the other port is free again',
    async (which) => {
      const blocker = createServer().listen(0, '127.0.0.1')
      await once(blocker, 'listening')
      const { port } = blocker.address() as AddressInfo
      const options = { clock, host: '127.0.0.1', httpPort: 0, mqttPort: 0, credentials, [which]: port }
      const flag = which === 'httpPort' ? '--http-port' : '--mqtt-port'
      await expect(startCloud(options)).rejects.toMatchObject({
        name: 'UserError',
        exitCode: 106,
        message: expect.stringContaining(`Port ${port} is in use. Choose another with ${flag}`),
      })
      blocker.close()
      await once(blocker, 'close')
      const again = await startCloud(options)
      await again.close()
    },
  )

  test('the cloud tells the addresses that it really has', () => {
    expect(running.httpUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(running.httpUrl).not.toContain(':0')
    expect(running.cloud.options.url).toBe(running.httpUrl)
    expect(running.cloud.options.mqttEndpoint).toBe(`127.0.0.1:${running.mqttPort}`)
    const lines = instructions(running).split('\n')
    expect(lines).toContain(`aws --endpoint-url ${running.httpUrl} s3 mb s3://firmware`)
    expect(lines).toContain(`mosquitto_sub -h 127.0.0.1 -p ${running.mqttPort} -t '$aws/things/+/jobs/notify-next' -v &`)
  })
})

describeWith('mosquitto clients', 'mosquitto clients against the door', () => {
  const at = () => ['-h', '127.0.0.1', '-p', String(running.mqttPort)]

  test('mosquitto_sub sees the notifications of a fleet through a wildcard', async () => {
    createThings(running.cloud, 't1', 't2')
    const subscriber = spawn('mosquitto_sub', [...at(), '-t', '$aws/things/+/jobs/notify-next', '-v', '-q', '1', '-C', '2'])
    const output = collect(subscriber.stdout)
    await expect.poll(() => running.cloud.bus.wanted(`${T}/jobs/notify-next`)).toBe(true)
    createJob(running.cloud, 'j1', 't1', 't2')
    const [code] = (await once(subscriber, 'close')) as [number]
    expect(code).toBe(0)
    const topics = output().match(/^\$aws\S+/gm)
    expect(topics).toEqual(['$aws/things/t1/jobs/notify-next', '$aws/things/t2/jobs/notify-next'])
  })

  test('mosquitto_pub asks, and its own subscription gets the answer once', async () => {
    createThings(running.cloud, 't1')
    const subscriber = spawn('mosquitto_sub', [...at(), '-t', `${T}/shadow/update/accepted`, '-C', '1', '-q', '1'])
    const output = collect(subscriber.stdout)
    await expect.poll(() => running.cloud.bus.wanted(`${T}/shadow/update/accepted`)).toBe(true)
    const published = spawn('mosquitto_pub', [...at(), '-t', `${T}/shadow/update`, '-m', '{"state":{"reported":{"fw":"1"}}}', '-q', '1'])
    const [[subCode], [pubCode]] = (await Promise.all([once(subscriber, 'close'), once(published, 'close')])) as [[number], [number]]
    expect([subCode, pubCode]).toEqual([0, 0])
    expect(output()).toContain('"version":1')
  })

  test('mosquitto_pub is disconnected for a reserved topic', async () => {
    const published = spawn('mosquitto_pub', [...at(), '-t', `${T}/jobs/notify`, '-m', '{}', '-q', '1'])
    const [code] = (await once(published, 'close')) as [number]
    expect(code).not.toBe(0)
  })
})

/** The output of a process so far. */
function collect(stream: NodeJS.ReadableStream): () => string {
  let output = ''
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => (output += chunk))
  return () => output
}
