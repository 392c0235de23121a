import { execFileSync } from 'node:child_process'
import { createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { LocalCa } from '../../../src/cloud/certificates/local-ca.ts'
import { describeWith } from '../../peer.ts'

const folder = mkdtempSync(join(tmpdir(), 'fleetsim-ca-'))
afterAll(() => rmSync(folder, { recursive: true }))

const NOW_MS = Date.UTC(2027, 0, 1)
const now = () => NOW_MS

test('an authority is made once, and kept where only its owner reads it', () => {
  const path = join(folder, 'kept', 'ca')
  const made = LocalCa.openOrCreate(path, now)
  expect(LocalCa.openOrCreate(path, now).certificatePem).toBe(made.certificatePem)
  const modes = [path, join(path, 'ca.key')].map((file) => statSync(file).mode & 0o777)
  expect(modes).toEqual([0o700, 0o600])
})

test('a key of another authority is refused', () => {
  const path = join(folder, 'mixed')
  LocalCa.openOrCreate(path, now)
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  writeFileSync(join(path, 'ca.key'), privateKey.export({ type: 'pkcs8', format: 'pem' }))
  expect(() => LocalCa.openOrCreate(path, now)).toThrow('is not the key of')
})

test('a server is known by its hosts and by those of this machine', () => {
  const ca = LocalCa.inMemory(now)
  const certificate = new X509Certificate(ca.issueServer(['cloud.test', '10.1.2.3']).cert)
  expect(certificate.subjectAltName).toBe('DNS:cloud.test, IP Address:10.1.2.3, DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1')
  expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1'])
  expect(certificate.checkIssued(new X509Certificate(ca.certificatePem))).toBe(true)
})

test('a device is called as at AWS, for 20 years, also beyond 2049', () => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const issuedIn = (year: number) => new X509Certificate(LocalCa.inMemory(() => Date.UTC(year, 0, 1)).issueDevice(publicKey))
  const certificate = issuedIn(2027)
  expect([certificate.subject, certificate.ca]).toEqual(['CN=AWS IoT Certificate', false])
  expect([certificate.validFrom, certificate.validTo]).toEqual(['Dec 31 00:00:00 2026 GMT', 'Dec 27 00:00:00 2046 GMT'])
  expect(issuedIn(2040).validTo).toBe('Dec 27 00:00:00 2059 GMT')
  expect(certificate.publicKey.export({ type: 'spki', format: 'pem' })).toBe(
    createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })).export({ type: 'spki', format: 'pem' }),
  )
})

describeWith('OpenSSL', 'OpenSSL', () => {
  test('finds nothing wrong with them, strictly', () => {
    const path = join(folder, 'strict')
    const ca = LocalCa.openOrCreate(path, Date.now)
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const server = join(path, 'server.pem')
    const device = join(path, 'device.pem')
    writeFileSync(server, ca.issueServer(['cloud.test']).cert)
    writeFileSync(device, ca.issueDevice(publicKey))
    const verify = (...args: string[]) =>
      execFileSync('sh', ['-c', 'exec openssl verify -x509_strict "$@"', 'openssl', '-CAfile', join(path, 'ca.pem'), ...args]).toString()
    expect(verify('-purpose', 'sslserver', '-verify_hostname', 'cloud.test', server)).toContain('OK')
    expect(verify('-purpose', 'sslclient', device)).toContain('OK')
  })
})
