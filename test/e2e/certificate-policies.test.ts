import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import type { MqttClient } from 'mqtt'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeWith } from '../peer.ts'
import { closed, TlsWorld } from './tls-world.ts'
import type { Identity } from './tls-world.ts'

/** What a certificate's policies allow, over sockets: MQTT and HTTPS. */

const ARN = 'arn:aws:iot:us-east-1:123456789012'
const T = '$aws/things'

/** The policy of a device of a fleet: itself, and nothing else. */
const OWN = [
  { Effect: 'Allow', Action: 'iot:Connect', Resource: `${ARN}:client/\${iot:Connection.Thing.ThingName}` },
  {
    Effect: 'Allow',
    Action: ['iot:Publish', 'iot:Receive', 'iot:RetainPublish'],
    Resource: [`${ARN}:topic/$aws/things/\${iot:Connection.Thing.ThingName}/*`, `${ARN}:topic/data/\${iot:Connection.Thing.ThingName}`],
  },
  {
    Effect: 'Allow',
    Action: 'iot:Subscribe',
    Resource: [`${ARN}:topicfilter/$aws/things/\${iot:Connection.Thing.ThingName}/*`, `${ARN}:topicfilter/data/*`],
  },
]
const overHttps = (thing: string) => ({
  Effect: 'Allow',
  Action: ['iotjobsdata:*', 'iot:GetThingShadow', 'iot:UpdateThingShadow', 'iot:Publish'],
  Resource: [`${ARN}:thing/${thing}`, `${ARN}:topic/data/${thing}`],
})

let world: TlsWorld
const identities: Record<string, Identity> = {}

beforeAll(async () => {
  world = await TlsWorld.open()
  for (const thingName of ['a', 'b']) {
    await world.iot.createThing({ thingName })
    identities[thingName] = await world.identity(...OWN, overHttps(thingName))
    await world.iot.attachThingPrincipal({ thingName, principal: identities[thingName].certificateArn })
  }
  const targets = ['a', 'b'].map((thing) => `${ARN}:thing/${thing}`)
  await world.iot.createJob({ jobId: 'j1', targets, document: '{}' })
})
afterAll(() => world?.close())

const deviceA = (options = {}) => world.mqtt(identities['a']!, { clientId: 'a', ...options })

async function request(client: MqttClient, topic: string): Promise<string> {
  const answered = new Promise<string>((resolve) => client.once('message', (heard) => resolve(heard)))
  client.publish(topic, '{}', { qos: 1 })
  return answered
}

describe('a device with its own certificate', () => {
  test('does all that is its own', async () => {
    const client = await deviceA()
    expect(
      (await client.subscribeAsync([`${T}/a/jobs/#`, `${T}/a/streams/s/data/json`, `${T}/a/shadow/#`], { qos: 1 })).map(({ qos }) => qos),
    ).toEqual([1, 1, 1])
    expect(await request(client, `${T}/a/jobs/$next/get`)).toBe(`${T}/a/jobs/$next/get/accepted`)
    expect(await request(client, `${T}/a/shadow/get`)).toBe(`${T}/a/shadow/get/rejected`)
    await client.endAsync()
    expect(await world.https(identities['a']!, 'GET', '/things/a/jobs')).toMatchObject({ status: 200, body: { queuedJobs: [{ jobId: 'j1' }] } })
    expect(await world.https(identities['a']!, 'GET', '/things/a/shadow')).toMatchObject({ status: 404, error: 'ResourceNotFoundException' })
    expect(await world.https(identities['a']!, 'POST', '/topics/data%2Fa?qos=1', 'x')).toMatchObject({ status: 200 })
  })

  test.each([
    `${T}/b/jobs/get`,
    `${T}/b/jobs/start-next`,
    `${T}/b/jobs/j1/update`,
    `${T}/b/shadow/update`,
    `${T}/b/shadow/name/n/get`,
    `${T}/b/streams/s/get/json`,
    'data/b',
    '$aws/rules/r/x',
  ])('is disconnected when it publishes to %s, and nobody hears it', async (topic) => {
    const { client: observer, heard } = await world.observer(`${T}/b/#`, 'data/#', '$aws/events/presence/disconnected/a')
    const client = await deviceA()
    const ended = closed(client)
    client.publish(topic, '{"status":"SUCCEEDED"}', { qos: 1 }, () => {})
    await ended
    await expect.poll(() => heard.length).toBe(1)
    expect(JSON.parse(heard[0]!.payload.toString())).toMatchObject({
      clientId: 'a',
      disconnectReason: 'AUTH_ERROR',
      clientInitiatedDisconnect: false,
    })
    await observer.endAsync()
  })

  test('is refused every subscription to what is not its own, and stays', async () => {
    const client = await deviceA()
    const filters = [`${T}/b/jobs/#`, `${T}/b/shadow/#`, `${T}/b/streams/#`, `${T}/+/jobs/notify-next`, '#', '$aws/events/#', `${T}/a/jobs/#`]
    const granted = await new Promise<unknown>((resolve) => {
      client.subscribe(filters, { qos: 1 }, (_error, _granted, packet) => resolve((packet as { granted?: number[] } | undefined)?.granted))
    })
    expect(granted).toEqual([128, 128, 128, 128, 128, 128, 1])
    expect(client.connected).toBe(true)
    await client.endAsync()
  })

  test('hears only what it may receive, though it may subscribe to more', async () => {
    const client = await deviceA()
    await client.subscribeAsync('data/#', { qos: 1 })
    const heard: string[] = []
    client.on('message', (topic) => heard.push(topic))
    for (const topic of ['data/b', 'data/a']) world.running.cloud.bus.publish(topic, 'x')
    await expect.poll(() => heard).toEqual(['data/a'])
    await client.endAsync()
  })

  test.each([
    ['GET', '/things/b/jobs'],
    ['PUT', '/things/b/jobs/$next'],
    ['GET', '/things/b/jobs/j1'],
    ['POST', '/things/b/jobs/j1'],
    ['GET', '/things/b/shadow'],
    ['POST', '/things/b/shadow'],
    ['DELETE', '/things/a/shadow'],
    ['GET', '/things/a/shadow?name=n'],
    ['GET', '/api/things/shadow/ListNamedShadowsForThing/b'],
    ['POST', '/topics/data%2Fb'],
    ['POST', '/topics/data%2Fa?retain=true'],
    ['GET', '/retainedMessage'],
    ['DELETE', '/connections/b'],
  ])('is forbidden %s %s', async (method, path) => {
    expect(await world.https(identities['a']!, method, path, method === 'GET' ? '' : '{"status":"SUCCEEDED"}')).toMatchObject({
      status: 403,
      error: 'ForbiddenException',
    })
  })

  test('finds no operations of the control plane behind its port', async () => {
    expect(await world.https(identities['a']!, 'GET', '/things')).toMatchObject({ status: 404, error: 'UnknownOperationException' })
  })
})

describe('a CONNECT is refused with code 5', () => {
  test.each([
    ['with the client id of another', { clientId: 'b' }],
    ['without a client id', { clientId: '', clean: true }],
    ['with a will to a topic of another', { will: { topic: 'data/b', payload: Buffer.from('x'), qos: 0 as const, retain: false } }],
  ])('%s', async (_, options) => {
    const { client: observer, heard } = await world.observer('$aws/events/presence/#', 'data/#')
    await expect(deviceA(options)).rejects.toMatchObject({ code: 5 })
    const id = 'clientId' in options ? options.clientId : 'a'
    const failed = () =>
      heard.map(({ topic, payload }) => [topic, JSON.parse(payload.toString())] as const).find(([topic]) => topic.includes('/connect_failed/'))
    await expect.poll(failed).toBeDefined()
    const [topic, event] = failed()!
    if (id !== '') expect(topic).toBe(`$aws/events/presence/connect_failed/${id}`)
    expect(event).toEqual({
      clientId: id || expect.any(String),
      timestamp: expect.any(Number),
      eventType: 'connect_failed',
      connectFailureReason: 'AUTHORIZATION_FAILED',
      principalIdentifier: identities['a']!.certificateId,
      sessionIdentifier: expect.any(String),
      ipAddress: '127.0.0.1',
    })
    expect(heard.map((packet) => packet.topic).filter((name) => name.startsWith('data/') || name.endsWith('connected/b'))).toEqual([])
    await observer.endAsync()
  })
})

test('RETAIN needs a permission of its own', async () => {
  const identity = await world.identity({ Effect: 'Allow', Action: ['iot:Connect', 'iot:Publish'], Resource: '*' })
  const client = await world.mqtt(identity)
  await client.publishAsync('plain', 'x', { qos: 1 })
  const ended = closed(client)
  client.publish('plain', 'x', { qos: 1, retain: true }, () => {})
  await ended
  expect(world.running.cloud.retained.get('plain')).toBe(undefined)
})

test('a policy that changes counts for connections that are open', async () => {
  const identity = await world.identity({ Effect: 'Allow', Action: 'iot:*', Resource: '*' })
  const client = await world.mqtt(identity, { clientId: 'changing' })
  await client.publishAsync('before', 'x', { qos: 1 })
  const policyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'iot:Connect', Resource: '*' }] })
  await world.iot.createPolicyVersion({ policyName: identity.policyName, policyDocument, setAsDefault: true })
  const ended = closed(client)
  client.publish('after', 'x', { qos: 1 }, () => {})
  await ended
  expect(client.connected).toBe(false)
})

test('events name the certificate, and the thing that it is attached to exclusively', async () => {
  const identity = await world.identity()
  await world.iot.createThing({ thingName: 'exclusive' })
  await world.iot.attachThingPrincipal({ thingName: 'exclusive', principal: identity.certificateArn, thingPrincipalType: 'EXCLUSIVE_THING' })
  const { client: observer, heard } = await world.observer('$aws/events/+/+/exclusive')
  const client = await world.mqtt(identity, { clientId: 'exclusive' })
  await client.subscribeAsync('x')
  await client.endAsync()
  await expect.poll(() => heard.length).toBe(3)
  for (const { payload } of heard)
    expect(JSON.parse(payload.toString())).toMatchObject({ thingName: 'exclusive', principalIdentifier: identity.certificateId })
  await observer.endAsync()
})

describeWith('mosquitto clients', 'mosquitto with certificates', () => {
  const at = (identity: Pick<Identity, 'cert' | 'key'>) => {
    const [cert, key] = world.files(identity)
    return ['-h', '127.0.0.1', '-p', String(world.running.tls!.mqttsPort), '--cafile', world.caFile, '--cert', cert, '--key', key]
  }

  test('reports its state, and is notified', async () => {
    const report = ['-i', 'b', '-t', `${T}/b/shadow/update`, '-m', '{"state":{"reported":{"fw":"1"}}}', '-q', '1']
    await promisify(execFile)('mosquitto_pub', [...at(identities['b']!), ...report])
    expect(await world.https(identities['b']!, 'GET', '/things/b/shadow')).toMatchObject({ body: { state: { reported: { fw: '1' } } } })
    const subscriber = spawn('mosquitto_sub', [...at(identities['b']!), '-i', 'b', '-t', `${T}/b/jobs/notify-next`, '-C', '1', '-W', '10'])
    await expect.poll(() => world.running.cloud.bus.wanted(`${T}/b/jobs/notify-next`)).toBe(true)
    await world.iot.cancelJobExecution({ jobId: 'j1', thingName: 'b' })
    expect((await once(subscriber, 'close'))[0]).toBe(0)
  })

  test('is let in neither by a certificate of its own making nor without one', async () => {
    const publish = (args: readonly string[]) => promisify(execFile)('mosquitto_pub', [...args, '-t', 'x', '-m', 'x', '-q', '1'])
    await expect(publish(at(world.stranger()))).rejects.toThrow('Command failed')
    await expect(publish(at(identities['b']!).slice(0, -4))).rejects.toThrow('Command failed')
    expect(world.running.cloud.bus.connection('b')?.isConnected).toBe(false)
  })
})
