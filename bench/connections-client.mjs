import { setTimeout as wait } from 'node:timers/promises'
import { MqttJsTransport } from '../dist/transport/mqttjs.js'
import { PacketTransport } from '../dist/transport/packet/packet-transport.js'

// node --expose-gc connections-client.mjs <client> <port> <connections>: connects that many devices and tells its parent what they cost.

const TRANSPORTS = { packet: PacketTransport, mqttJs: MqttJsTransport }
const CONNECTING = 64
/** Connected first, and gone again, so that the code is compiled. */
const WARM_UP = 500
/** So that both the system and the garbage collector are done with what was. */
const SETTLE_MS = 300

/** A device that subscribes as one of AWS's job clients does, and says no more. */
class Device {
  constructor(name) {
    this.name = name
  }
  begin(onReady) {
    this.onReady = onReady
    this.connection = transport.connect({ clientId: this.name, clean: true, keepAliveSeconds: 600 }, this)
  }
  onConnected() {
    const topics = ['notify-next', 'start-next/accepted', '+/update/accepted', '+/update/rejected']
    this.connection.subscribe(topics.map((topic) => ({ filter: `$aws/things/${this.name}/jobs/${topic}`, qos: 1 })))
  }
  onSubscribed() {
    this.onReady()
    this.onReady = undefined
  }
  onPublished() {}
  onMessage() {}
  onClosed(reason) {
    throw new Error(`${this.name} was closed: ${reason}`)
  }
}

const [client, port, connections] = process.argv.slice(2)
const transport = new TRANSPORTS[client](() => ({ host: '127.0.0.1', port: Number(port) }))

for (const { connection } of await connectAll(`warm-${client}`, Math.min(WARM_UP, Number(connections)))) connection.destroy()
const before = await settled()
const cpuBefore = process.cpuUsage()
const startedMs = performance.now()
const devices = await connectAll(client, Number(connections))
const seconds = (performance.now() - startedMs) / 1000
const { user, system } = process.cpuUsage(cpuBefore)
const after = await settled()
process.send(
  {
    connectionsPerSecond: devices.length / seconds,
    perCpuSecond: devices.length / ((user + system) / 1e6),
    clientMicros: (user + system) / devices.length,
    bytesPerDevice: (after.rss - before.rss) / devices.length,
    heapBytesPerDevice: (after.heapUsed - before.heapUsed) / devices.length,
  },
  () => process.exit(0),
)

/** They connect one after the other, a few at a time. */
async function connectAll(prefix, count) {
  const devices = []
  const next = async () => {
    while (devices.length < count) {
      const device = new Device(`${prefix}-${String(devices.length).padStart(6, '0')}`)
      devices.push(device)
      await new Promise((resolve) => device.begin(resolve))
    }
  }
  await Promise.all(Array.from({ length: CONNECTING }, next))
  return devices
}

async function settled() {
  for (let round = 0; round < 3; round++) {
    await wait(SETTLE_MS)
    globalThis.gc()
  }
  return process.memoryUsage()
}
