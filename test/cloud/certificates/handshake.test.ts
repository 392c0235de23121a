import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { duplexPair } from 'node:stream'
import { connect, TLSSocket } from 'node:tls'
import { expect, test } from 'vitest'
import { certificateIdOf } from '../../../src/cloud/certificates/certificates.ts'
import { LocalCa } from '../../../src/cloud/certificates/local-ca.ts'

/** A TLS handshake in memory: whom the server sees, or why the client or the server refused. */
async function shakeHands(ca: LocalCa, trusted: LocalCa, servername: string, device?: { cert: string; key: string }): Promise<string> {
  const [near, far] = duplexPair()
  const server = new TLSSocket(far, {
    isServer: true,
    ...ca.issueServer(['cloud.test']),
    ca: ca.certificatePem,
    requestCert: true,
    rejectUnauthorized: false,
  })
  const client = connect({ socket: near, ca: trusted.certificatePem, servername, ...device })
  server.on('error', () => undefined)
  try {
    await Promise.all([once(client, 'secureConnect'), once(server, 'secure')])
    const peer = server.getPeerCertificate()
    return peer.raw ? certificateIdOf(peer.raw) : 'nobody'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error)
  } finally {
    client.destroy()
    server.destroy()
  }
}

const rows: [string, 'rsa' | 'ec'][] = [
  ['an RSA key', 'rsa'],
  ['an EC key', 'ec'],
]

test.each(rows)('a device with %s and a server of the cloud trust each other', async (_, type) => {
  const ca = LocalCa.inMemory(Date.now)
  const { publicKey, privateKey } =
    type === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const cert = ca.issueDevice(publicKey)
  const seen = await shakeHands(ca, ca, 'cloud.test', { cert, key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() })
  expect(seen).toMatch(/^[0-9a-f]{64}$/)
})

test('a client without a certificate, one that asks for another host, and one that trusts another authority', async () => {
  const ca = LocalCa.inMemory(Date.now)
  expect(await shakeHands(ca, ca, 'localhost')).toBe('nobody')
  expect(await shakeHands(ca, ca, 'other.test')).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
  expect(await shakeHands(ca, LocalCa.inMemory(Date.now), 'cloud.test')).toBe('SELF_SIGNED_CERT_IN_CHAIN')
})
