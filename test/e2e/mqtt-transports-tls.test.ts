import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BrokerAddress } from '../../src/transport/broker-address.ts'
import { PacketTransport } from '../../src/transport/packet/packet-transport.ts'
import { CONNACK, Device, HOST, TRANSPORTS } from './mqtt-peers.ts'

describe('mutual TLS', () => {
  let folder: string
  let cert: string
  let key: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'fleetsim-transport-'))
    const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
    const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', ...names, '-days', '2']
    execFileSync('openssl', [...args, '-keyout', keyFile, '-out', certFile], { stdio: 'ignore' })
    ;[key, cert] = [readFileSync(keyFile, 'utf8'), readFileSync(certFile, 'utf8')]
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  async function serve(host: string): Promise<{ address: BrokerAddress; sockets: TLSSocket[]; reused: boolean[]; close: () => void }> {
    const sockets: TLSSocket[] = []
    const reused: boolean[] = []
    const server = createTlsServer(
      { key, cert, ca: cert, requestCert: true, rejectUnauthorized: true, ALPNProtocols: ['x-amzn-mqtt-ca'] },
      (socket) => {
        sockets.push(socket)
        reused.push(socket.isSessionReused())
        socket.on('error', () => {})
        socket.once('data', () => socket.write(CONNACK))
      },
    )
    await new Promise<void>((resolve) => server.listen(0, host, resolve))
    const tls = { ca: cert, cert, key, alpn: 'x-amzn-mqtt-ca' }
    return { address: { host, port: (server.address() as AddressInfo).port, tls }, sockets, reused, close: () => server.close() }
  }

  test.each(Object.entries(TRANSPORTS))('%s shows its certificate, asks by ALPN and names the host', async (_name, make) => {
    const { address, sockets, close } = await serve('localhost')
    const device = new Device(make(address))
    await device.tells('connected')
    expect(sockets[0]!.getPeerCertificate().subject.CN).toBe('localhost')
    expect([sockets[0]!.alpnProtocol, (sockets[0] as { servername?: string }).servername]).toEqual(['x-amzn-mqtt-ca', 'localhost'])
    device.connection.destroy()
    close()
  })

  test.each(Object.entries(TRANSPORTS))('%s does not speak to a server that it has no reason to trust', async (_name, make) => {
    const { address, close } = await serve(HOST)
    const device = new Device(make({ ...address, tls: { cert, key, ca: undefined } }))
    await device.tells('closed: closed')
    close()
  })

  test('packet: a device that connects again resumes its session, another does not', async () => {
    const { address, reused, close } = await serve(HOST)
    const transport = new PacketTransport(() => address)
    for (const clientId of ['d1', 'd1', 'd2']) {
      const device = new Device(transport, { clientId })
      await device.tells('connected')
      device.connection.disconnect()
    }
    expect(reused).toEqual([false, true, false])
    close()
  })

  test('packet: another certificate does not resume', async () => {
    const { address, reused, close } = await serve(HOST)
    let shown = cert
    const transport = new PacketTransport(() => ({ ...address, tls: { ...address.tls!, cert: shown } }))
    for (shown of [cert, `${cert}\n`]) {
      const device = new Device(transport)
      await device.tells('connected')
      device.connection.disconnect()
    }
    expect(reused).toEqual([false, false])
    close()
  })
})
