import { MqttJsTransport } from '../../dist/transport/mqttjs.js'
import { PacketTransport } from '../../dist/transport/packet/packet-transport.js'

// fleet-client.mjs <client> <port> <connections>: what the other programs of this folder do, with a transport of fleetsim's devices.

const TRANSPORTS = { packet: PacketTransport, mqttJs: MqttJsTransport }
const CONNECTING = 64
const ECHOING = 256
const ECHO_SECONDS = 3
const PAYLOAD = 'x'.repeat(200)
const TOPICS = ['notify-next', 'start-next/accepted', '+/update/accepted', '+/update/rejected']

const [client, port, connections] = process.argv.slice(2)
const transport = new TRANSPORTS[client](() => ({ host: '127.0.0.1', port: Number(port) }))

/** A device that subscribes as one of AWS's job clients does, and may then publish to itself. */
class Device {
  rounds = 0
  until = 0
  constructor(index) {
    this.name = `${client}-${String(index).padStart(6, '0')}`
  }
  ready() {
    return new Promise((resolve) => {
      this.onSubscribed = resolve
      this.connection = transport.connect({ clientId: this.name, clean: true, keepAliveSeconds: 600 }, this)
    })
  }
  echo(until) {
    this.until = until
    return new Promise((resolve) => {
      this.onEnd = resolve
      this.onSubscribed = () => this.publish()
      this.connection.subscribe([{ filter: `echo/${this.name}`, qos: 1 }])
    })
  }
  publish() {
    this.connection.publish(`echo/${this.name}`, PAYLOAD, 1)
  }
  onConnected() {
    this.connection.subscribe(TOPICS.map((topic) => ({ filter: `$aws/things/${this.name}/jobs/${topic}`, qos: 1 })))
  }
  onPublished() {}
  onMessage() {
    this.rounds += 1
    if (performance.now() < this.until) this.publish()
    else this.onEnd()
  }
  onClosed(reason) {
    throw new Error(`${this.name} was closed: ${reason}`)
  }
}

const [memoryBefore, cpuBefore, startedMs] = [resident(), cpuMicros(), performance.now()]
const devices = []
await Promise.all(Array.from({ length: CONNECTING }, connectSome))
const [connectMs, connectMicros] = [performance.now() - startedMs, cpuMicros() - cpuBefore]
const memory = resident() - memoryBefore
const echoing = devices.slice(0, ECHOING)
const echoBefore = cpuMicros()
await Promise.all(echoing.map((device) => device.echo(performance.now() + 1000 * ECHO_SECONDS)))
const rounds = echoing.reduce((sum, device) => sum + device.rounds, 0)
const result = {
  connectionsPerSecond: (1000 * devices.length) / connectMs,
  clientMicros: connectMicros / devices.length,
  bytesPerDevice: memory / devices.length,
  echoMicros: (cpuMicros() - echoBefore) / rounds,
}
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0))

async function connectSome() {
  while (devices.length < Number(connections)) {
    const device = new Device(devices.length)
    devices.push(device)
    await device.ready()
  }
}

function cpuMicros() {
  const { user, system } = process.cpuUsage()
  return user + system
}

function resident() {
  globalThis.gc()
  return process.memoryUsage.rss()
}
