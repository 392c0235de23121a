import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startMosquitto } from './mosquitto.mjs'

const FOLDER = fileURLToPath(new URL('peers/', import.meta.url))
/** Where Debian's packages of Go libraries are. */
const GO_PATH = '/usr/share/gocode'
const PAHO = join(GO_PATH, 'src/github.com/eclipse/paho.mqtt.golang')
const BUILD_MS = 300_000
const RUN_MS = 120_000
/** Paho in Python 1.6 waits with `select`, which knows no file above 1,023, and a client of it has three of them. */
const MOST_OF_LOCUST = 300

/** What makes the load, and how it is started with a port and a number of connections; undefined where it isn't installed. */
const CLIENTS = {
  packet: () => nodeClient('packet'),
  mqttJs: () => nodeClient('mqttJs'),
  paho: goClient,
  locust: locustClient,
}

/**
 * Connections that subscribe to four filters, and round trips of QoS 1 messages that 256 of them publish to themselves, against mosquitto: fleetsim's own
 * MQTT client, MQTT.js, Eclipse Paho in Go and users of locust, one after the other, each in one process. Figures are of that process.
 */
export async function benchPeers(connections) {
  const folder = mkdtempSync(join(tmpdir(), 'fleetsim-bench-'))
  const results = {}
  try {
    for (const [name, prepare] of Object.entries(CLIENTS)) {
      const command = await prepare(folder)
      const broker = command && (await startMosquitto())
      if (!broker) {
        results[name] = 'left out: not installed'
        continue
      }
      try {
        const [file, ...args] = command
        const count = name === 'locust' ? Math.min(connections, MOST_OF_LOCUST) : connections
        const { stdout } = await promisify(execFile)(file, [...args, String(broker.port), String(count)], { timeout: RUN_MS })
        results[`${name} connections`] = count
        for (const [figure, value] of Object.entries(JSON.parse(stdout))) results[`${name} ${figure}`] = value
      } finally {
        await broker.stop()
      }
    }
    return { bench: 'peers', ...results }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function nodeClient(transport) {
  return [process.execPath, '--expose-gc', join(FOLDER, 'fleet-client.mjs'), transport]
}

/** With Go, and Paho from Debian's golang-github-eclipse-paho.mqtt.golang-dev. */
async function goClient(folder) {
  if (!isThere('go', 'version') || !existsSync(PAHO)) return undefined
  const program = join(folder, 'paho')
  const env = { ...process.env, GOPATH: GO_PATH, GO111MODULE: 'off' }
  await promisify(execFile)('go', ['build', '-o', program, join(FOLDER, 'paho.go')], { env, timeout: BUILD_MS })
  return [program]
}

/** With Debian's python3-locust and python3-paho-mqtt. */
function locustClient() {
  const python = '/usr/bin/python3'
  return isThere(python, '-c', 'import locust, paho.mqtt.client') ? [python, join(FOLDER, 'locust_mqtt.py')] : undefined
}

function isThere(program, ...args) {
  try {
    execFileSync(program, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
