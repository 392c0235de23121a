import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connect, createSecureContext } from 'node:tls'
import { LocalCa } from '../dist/cloud/certificates/local-ca.js'
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
      for (const [name, place] of Object.entries(servers))
        Object.assign(results, await measure(`${name} ${version}`, place, version, devices, handshakes))
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

/** Full handshakes, then as many resumed ones. */
async function measure(name, { server, port, ca }, version, devices, handshakes) {
  // Loading keys is no part of a handshake: a device does it once.
  const contexts = devices.map((device) => createSecureContext({ ...device, ca, minVersion: version, maxVersion: version }))
  const sessions = []
  const full = (index) => ({ port, host: '127.0.0.1', servername: 'localhost', secureContext: contexts[index % contexts.length] })
  await each(devices.length, async (index) => (sessions[index] = await handshake(full(index)))) // until the code is compiled
  const rounds = {
    full: await timed(server, handshakes, (index) => handshake(full(index))),
    resumed: await timed(server, handshakes, (index) => handshake({ ...full(index), session: sessions[index % devices.length] })),
  }
  return {
    [`${name} full/s`]: rounds.full.perSecond,
    [`${name} resumed/s`]: rounds.resumed.perSecond,
    [`${name} resumed of full`]: rounds.resumed.perSecond / rounds.full.perSecond,
    [`${name} full, client CPU ms`]: rounds.full.clientMs,
    [`${name} full, server CPU ms`]: rounds.full.serverMs,
    [`${name} resumed, client CPU ms`]: rounds.resumed.clientMs,
    [`${name} resumed, server CPU ms`]: rounds.resumed.serverMs,
  }
}

async function timed(server, count, act) {
  const [startMs, clientBefore, serverBefore] = [performance.now(), process.cpuUsage(), await server.cpuSeconds()]
  await each(count, act)
  const seconds = (performance.now() - startMs) / 1000
  const { user, system } = process.cpuUsage(clientBefore)
  return {
    perSecond: count / seconds,
    clientMs: (user + system) / 1000 / count,
    serverMs: ((await server.cpuSeconds()) - serverBefore) * (1000 / count),
  }
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
  const before = [residentKiB(process.pid), residentKiB(server.pid)]
  const sockets = []
  await each(connections, async (index) => {
    const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', secureContext: contexts[index % contexts.length] })
    sockets.push(socket)
    await once(socket, 'session')
  })
  const [client, cloud] = [residentKiB(process.pid), residentKiB(server.pid)]
  for (const socket of sockets) socket.destroy()
  return { 'client KiB a connection': (client - before[0]) / connections, 'cloud KiB a connection': (cloud - before[1]) / connections }
}

function residentKiB(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1])
}

/** Calls `act` with each index, AT_ONCE at a time. */
async function each(count, act) {
  let next = 0
  const lane = async () => {
    while (next < count) await act(next++)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
}
