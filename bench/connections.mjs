import { execFileSync, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { startMosquitto } from './mosquitto.mjs'
import { serveCloud } from './serve.mjs'

const PROGRAM = fileURLToPath(new URL('connections-client.mjs', import.meta.url))
/** Files that a process opens besides its connections. */
const OTHER_FILES = 500
const CLIENTS = ['packet', 'mqttJs']

/**
 * Devices that connect and subscribe to four filters, as many as asked for or as a process may open files, and stay: fleetsim's own MQTT client beside MQTT.js, each in a fresh
 * process, against mosquitto if it is installed and `fleetsim cloud`. Microseconds are the client's processor time for a connection, bytes its resident
 * memory for one; `ofMqttJs` is the share of what MQTT.js has.
 */
export async function benchConnections(devices) {
  const connections = Math.min(devices, openFiles() - OTHER_FILES)
  const results = {}
  for (const [broker, start] of Object.entries(BROKERS)) {
    const measured = {}
    for (const client of CLIENTS) {
      // A fresh one each: the sessions of the other client are gone.
      const server = await start()
      if (!server) continue
      try {
        measured[client] = await run(client, server.port, connections)
        for (const [figure, value] of Object.entries(measured[client])) results[`${broker} ${client} ${figure}`] = value
      } finally {
        await server.stop()
      }
    }
    if (!measured.packet) continue
    results[`${broker} perCpuSecond ofMqttJs`] = measured.packet.perCpuSecond / measured.mqttJs.perCpuSecond
    results[`${broker} memory ofMqttJs`] = measured.packet.bytesPerDevice / measured.mqttJs.bytesPerDevice
  }
  return { bench: 'connections', devices: connections, ...results }
}

const BROKERS = { mosquitto: startMosquitto, cloud: startCloud }

async function startCloud() {
  const { mqttPort, stop } = await serveCloud()
  return { port: mqttPort, stop }
}

/** What a client tells of itself when all are connected. */
function run(client, port, connections) {
  return new Promise((resolve, reject) => {
    const child = fork(PROGRAM, [client, String(port), String(connections)], { execArgv: ['--expose-gc'] })
    let told
    child.on('message', (message) => (told = message))
    child.on('exit', (code) => (told ? resolve(told) : reject(new Error(`${client} ended with ${code}`))))
  })
}

function openFiles() {
  if (process.platform === 'win32') return Infinity
  const limit = execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim()
  return limit === 'unlimited' ? Infinity : Number(limit)
}
