import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connect, createSecureContext } from 'node:tls'
import { LocalCa } from '../dist/cloud/certificates/local-ca.js'
import { residentBytesOf } from './process-tree.mjs'
import { serve } from './serve.mjs'
import { send } from './signed.mjs'

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const CLOUD_READY = /AWS API {2}(http:\/\/\S+)[^]*MQTTS {4}mqtts:\/\/[^:]+:(\d+)/
const BARE_READY = /port (\d+)\./
/** Connections that are being made at a time. */
const AT_ONCE = 16
/** Devices, each with a certificate of its own: more change nothing. */
const MAX_CERTIFICATES = 50
const VERSIONS = ['TLSv1.2', 'TLSv1.3']
/** Handshakes with each server and version that are not measured: until the code of both sides is compiled. */
const WARM_UP = 500
/** The servers take turns, so that both see the same moments of the machine. */
const TURNS = 4
/** Only the handshake, and nobody looks at the certificate: what the doors of the cloud can be at best. */
const BARE = `const [cert, key] = process.argv.slice(1)
const server = require('node:tls').createServer({ cert, key, requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.2', noDelay: true }, (socket) => socket.on('error', () => {}).resume())
server.listen(0, '127.0.0.1', () => console.log('port ' + server.address().port + '.'))`

/** Mutual TLS with P-256 keys, as devices connect to the MQTT port of \`fleetsim cloud\`, beside a bare server of node:tls in the same run. Each side has a process. */
export async function benchTls(handshakes) {
  const state = mkdtempSync(join(tmpdir(), 'fleetsim-bench-'))
  const ports = ['--http-port', '--mqtt-port', '--mqtts-port', '--https-port', '--device-https-port'].flatMap((port) => [port, '0'])
  const cloud = await serve([MAIN, 'cloud', ...ports, '--state', state], CLOUD_READY)
  const ca = LocalCa.inMemory(Date.now)
  const { cert, key } = ca.issueServer([])
  const bare = await serve(['-e', BARE, '--', cert, key], BARE_READY)
  try {
    const [, url, mqttsPort] = cloud.match
    const devices = await makeDevices(ca, url, Math.min(handshakes, MAX_CERTIFICATES))
    const servers = {
      cloud: { server: cloud, port: Number(mqttsPort), ca: readFileSync(join(state, 'ca.pem'), 'utf8') },
      bare: { server: bare, port: Number(bare.match[1]), ca: ca.certificatePem },
    }
    const results = {}
    for (const version of VERSIONS) {
      const clients = Object.entries(servers).map(([name, place]) => ({ name, server: place.server, ...clientsOf(place, version, devices) }))
      Object.assign(results, await measure(version, clients, handshakes))
    }
    const memory = await memoryPerConnection(servers.cloud, devices, handshakes)
    return { bench: 'tls', handshakes, certificates: devices.length, ...results, ...memory }
  } finally {
    await Promise.all([cloud.stop(), bare.stop()])
    rmSync(state, { recursive: true })
  }
}

/** Keys and certificates, which the cloud knows. */
async function makeDevices(ca, url, count) {
  const devices = []
  for (let device = 0; device < count; device++) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const cert = ca.issueDevice(publicKey)
    await send(url, 'iot', 'POST', '/certificate/register-no-ca', JSON.stringify({ certificatePem: cert, status: 'ACTIVE' }))
    devices.push({ cert, key: privateKey.export({ type: 'pkcs8', format: 'pem' }) })
  }
  return devices
}

/** How devices connect to one server: with a full handshake, and with one that resumes the session of the one before. */
function clientsOf({ port, ca }, version, devices) {
  // Loading keys is no part of a handshake: a device does it once.
  const contexts = devices.map((device) => createSecureContext({ ...device, ca, minVersion: version, maxVersion: version }))
  const sessions = []
  const options = (index) => ({ port, host: '127.0.0.1', servername: 'localhost', secureContext: contexts[index % contexts.length] })
  const full = async (index) => (sessions[index % contexts.length] = await handshake(options(index)))
  const resumed = (index) => handshake({ ...options(index), session: sessions[index % contexts.length] })
  return { full, resumed }
}

/** Full handshakes and as many resumed ones with each server, in turns. */
async function measure(version, clients, handshakes) {
  for (const { full, resumed } of clients) {
    await each(Math.min(WARM_UP, handshakes), full)
    await each(Math.min(WARM_UP, handshakes), resumed)
  }
  const spent = clients.map(() => ({ full: nothing(), resumed: nothing() }))
  for (let turn = 0; turn < TURNS; turn++) {
    for (const [index, { server, ...kinds }] of clients.entries())
      for (const kind of ['full', 'resumed']) await spend(spent[index][kind], server, Math.ceil(handshakes / TURNS), kinds[kind])
  }
  return Object.fromEntries(clients.flatMap(({ name }, index) => figuresOf(`${name} ${version}`, spent[index])))
}

function figuresOf(name, { full, resumed }) {
  return [
    [`${name} full/s`, full.count / full.seconds],
    [`${name} resumed/s`, resumed.count / resumed.seconds],
    [`${name} resumed of full`, resumed.count / resumed.seconds / (full.count / full.seconds)],
    [`${name} full, client CPU ms`, full.clientMs / full.count],
    [`${name} full, server CPU ms`, full.serverMs / full.count],
    [`${name} resumed, client CPU ms`, resumed.clientMs / resumed.count],
    [`${name} resumed, server CPU ms`, resumed.serverMs / resumed.count],
  ]
}

function nothing() {
  return { count: 0, seconds: 0, clientMs: 0, serverMs: 0 }
}

/** Adds what `count` handshakes took. */
async function spend(spent, server, count, act) {
  const [startMs, clientBefore, serverBefore] = [performance.now(), process.cpuUsage(), await server.cpuSeconds()]
  await each(count, act)
  spent.seconds += (performance.now() - startMs) / 1000
  const { user, system } = process.cpuUsage(clientBefore)
  spent.clientMs += (user + system) / 1000
  spent.serverMs += ((await server.cpuSeconds()) - serverBefore) * 1000
  spent.count += count
}

/** One connection, until it could be used. Returns the session that the next one may resume. */
async function handshake(options) {
  const socket = connect(options)
  const session = options.session ? [options.session] : once(socket, 'session')
  const ended = once(socket, 'close').then(() => Promise.reject(new Error('the server ended a connection')))
  const [[ticket]] = await Promise.race([Promise.all([session, once(socket, 'secureConnect')]), ended])
  if (socket.isSessionReused() !== Boolean(options.session)) throw new Error('a session that is there was not resumed')
  ended.catch(() => {})
  socket.destroy()
  return ticket
}

/** What open connections take on both sides, in KiB: resident memory, with what is about to be collected. */
async function memoryPerConnection({ server, port, ca }, devices, connections) {
  const contexts = devices.map((device) => createSecureContext({ ...device, ca }))
  const before = [residentBytesOf(process.pid), residentBytesOf(server.pid)]
  const sockets = []
  await each(connections, async (index) => {
    const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', secureContext: contexts[index % contexts.length] })
    sockets.push(socket)
    await once(socket, 'session')
  })
  const [client, cloud] = [residentBytesOf(process.pid), residentBytesOf(server.pid)]
  for (const socket of sockets) socket.destroy()
  const kibOfOne = (bytes) => bytes / 1024 / connections
  return { 'client KiB a connection': kibOfOne(client - before[0]), 'cloud KiB a connection': kibOfOne(cloud - before[1]) }
}

/** Calls `act` with each index, AT_ONCE at a time. */
async function each(count, act) {
  let next = 0
  const lane = async () => {
    while (next < count) await act(next++)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
}
