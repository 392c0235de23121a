import { CreateJobCommand, DescribeJobCommand, IoTClient } from '@aws-sdk/client-iot'
import { IoTDataPlaneClient, PublishCommand } from '@aws-sdk/client-iot-data-plane'
import { connectAsync } from 'mqtt'
import type { MqttClient } from 'mqtt'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ScaledClock } from '../../src/clock/scaled.ts'
import type { CloudRequest } from '../../src/ports/cloud-requests.ts'
import type { RunningCloud, startCloud as StartCloud } from '../../src/cloud/start.ts'
import type { DoorProcesses } from '../../src/run/door-processes.ts'
import { isAlive } from './processes.ts'

/** Two MQTT doors in processes of their own, as they were built. */

const CLOUD = new URL('../../dist/cloud/start.js', import.meta.url).href
const CLOCK = new URL('../../dist/clock/scaled.js', import.meta.url).href
const DOORS = new URL('../../dist/run/door-processes.js', import.meta.url).href
const PARENT = fileURLToPath(new URL('./door-parent.mjs', import.meta.url))
const START_MS = Date.UTC(2026, 0, 1)
const credentials = { accessKeyId: 'AKIAFLEETSIM', secretAccessKey: 'sesame' }

let clock: ScaledClock
let running: RunningCloud
let doors: DoorProcesses
let lost: Error[]
let requests: CloudRequest[]
const clients: MqttClient[] = []

beforeEach(async () => {
  const { startCloud } = (await import(CLOUD)) as { startCloud: typeof StartCloud }
  const built = (await import(CLOCK)) as { ScaledClock: typeof ScaledClock }
  const { DoorProcesses: Doors } = (await import(DOORS)) as { DoorProcesses: typeof DoorProcesses }
  lost = []
  requests = []
  clock = built.ScaledClock.waiting(20, START_MS)
  const onRequest = (request: CloudRequest) => void requests.push(request)
  running = await startCloud({ clock, host: '127.0.0.1', httpPort: 0, mqttPort: 0, credentials, onRequest })
  doors = await Doors.start({ running, count: 2, clock, onLost: (error) => lost.push(error) })
})
afterEach(async () => {
  for (const client of clients.splice(0)) client.end(true)
  await doors.close()
  clock.stop()
  await running.close()
})

test('clients of different doors talk to each other, and AWS clients to all of them', async () => {
  const [a, b, here] = [await connect('a', 0), await connect('b', 1), await connect('here')]
  for (const { client } of [a, b, here]) await client.subscribeAsync('x/#', { qos: 1 })
  // Each door learns a moment later that somebody listens at the others.
  await expect
    .poll(async () => {
      for (const { client } of [a, b, here]) await client.publishAsync(`x/by-${client.options.clientId}`, '', { qos: 1 })
      return [a, b, here].map(({ heard }) => new Set(heard).size)
    })
    .toEqual([3, 3, 3])
  for (const { heard } of [a, b, here]) heard.length = 0
  await a.client.publishAsync('x/1', 'from a', { qos: 1 })
  await here.client.publishAsync('x/2', 'from here', { qos: 1 })
  const data = new IoTDataPlaneClient({ endpoint: running.httpUrl, region: 'eu-central-1', credentials })
  await data.send(new PublishCommand({ topic: 'x/3', payload: Buffer.from('from outside'), qos: 1 }))
  for (const { heard } of [a, b, here])
    await expect
      .poll(() => heard.filter((message) => !message.startsWith('x/by-')).toSorted())
      .toEqual(['x/1 from a', 'x/2 from here', 'x/3 from outside'])
  expect([doors.connections, running.mqttConnections()]).toEqual([2, 1])
})

test('a client id that connects at another door takes over there', async () => {
  clock.begin()
  doors.begin()
  const observer = await connect('observer', 1)
  await observer.client.subscribeAsync('$aws/events/presence/disconnected/+', { qos: 1 })
  const first = await connect('twin', 0)
  const closed = closeOf(first.client)
  await connect('twin', 1)
  await closed
  await expect.poll(() => observer.heard.length).toBe(1)
  expect(observer.heard[0]).toContain('"disconnectReason":"DUPLICATE_CLIENTID"')
  await expect.poll(() => doors.connections).toBe(2)
})

test("the doors' time runs as the cloud's does", async () => {
  const observer = await connect('observer', 1)
  await observer.client.subscribeAsync('$aws/events/presence/connected/+', { qos: 1 })
  // The other door has to know that somebody listens.
  await expect
    .poll(async () => {
      await connect('early', 0)
      return observer.heard.length
    })
    .toBeGreaterThan(0)
  clock.begin()
  doors.begin()
  await connect('late', 0)
  const timeOf = (clientId: string) =>
    observer.heard.flatMap((message) => (message.includes(clientId) ? (JSON.parse(message.slice(message.indexOf(' '))).timestamp as number) : []))[0]
  await expect.poll(() => timeOf('late')).toBeDefined()
  const [early, late] = [timeOf('early'), timeOf('late')]
  expect(early).toBe(START_MS)
  expect(late).toBeGreaterThan(START_MS)
  expect(late).toBeLessThanOrEqual(clock.now())
})

test('a job goes out over both doors, and its requests are counted here', async () => {
  const things = Array.from({ length: 20 }, (_, i) => `thing-${i}`)
  running.cloud.registry.addFleet('fleet', things)
  clock.begin()
  doors.begin()
  for (const [i, thing] of things.entries()) await startDevice(thing, i % 2)
  await expect.poll(() => things.every((thing) => running.cloud.bus.wanted(`$aws/things/${thing}/jobs/notify-next`))).toBe(true)
  const iot = new IoTClient({ endpoint: running.httpUrl, region: 'eu-central-1', credentials })
  await iot.send(
    new CreateJobCommand({ jobId: 'job', targets: [`arn:aws:iot:eu-central-1:${running.cloud.account}:thinggroup/fleet`], document: '{}' }),
  )
  const succeeded = async () => (await iot.send(new DescribeJobCommand({ jobId: 'job' }))).job?.jobProcessDetails?.numberOfSucceededThings
  await expect.poll(succeeded, { timeout: 20_000 }).toBe(20)
  expect(requests.filter(({ operation }) => operation === 'UpdateJobExecution')).toHaveLength(20)
})

test('a door that dies is told by its process, and its clients are gone', async () => {
  const first = await connect('first', 0)
  await connect('second', 1)
  await expect.poll(() => doors.connections).toBe(2)
  const closed = closeOf(first.client)
  const [pid] = doors.pids
  process.kill(pid!, 'SIGKILL')
  await closed
  await expect.poll(() => lost.map(({ message }) => message)).toEqual([`MQTT door 1 of the embedded cloud (process ${pid}) ended: SIGKILL`])
  expect(doors.connections).toBe(1)
  const { pids } = doors
  await doors.close()
  expect(pids.filter(isAlive)).toEqual([])
  expect(lost).toHaveLength(1)
})

test('the doors end with the process that started them, even when it is killed', async () => {
  const parent = spawn(process.execPath, [PARENT], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(createInterface(parent.stdout), 'line')) as [string]
  const pids = JSON.parse(line) as number[]
  expect(pids.map(isAlive)).toEqual([true, true])
  parent.kill('SIGKILL')
  await expect.poll(() => pids.map(isAlive), { timeout: 10_000 }).toEqual([false, false])
})

/** At one of the doors, or at that of this process. */
async function connect(clientId: string, door?: number): Promise<{ client: MqttClient; heard: string[] }> {
  const { host, port } = door === undefined ? { host: running.mqttHost, port: running.mqttPort } : doors.addresses[door]!
  const client = await connectAsync(`mqtt://${host}:${port}`, { clientId, protocolVersion: 4, reconnectPeriod: 0 })
  clients.push(client)
  client.on('error', () => {})
  const heard: string[] = []
  client.on('message', (topic, payload) => heard.push(`${topic} ${payload.toString()}`))
  return { client, heard }
}

/** Succeeds at whatever it is told. */
async function startDevice(thing: string, door: number): Promise<void> {
  const { client } = await connect(thing, door)
  const topic = `$aws/things/${thing}/jobs`
  client.on('message', (_, payload) => {
    const { execution } = JSON.parse(payload.toString()) as { execution?: { jobId: string } }
    if (execution?.jobId !== undefined) client.publish(`${topic}/${execution.jobId}/update`, '{"status":"SUCCEEDED"}', { qos: 1 })
  })
  await client.subscribeAsync(`${topic}/notify-next`, { qos: 1 })
}

function closeOf(client: MqttClient): Promise<void> {
  return new Promise((resolve) => client.once('close', () => resolve()))
}
