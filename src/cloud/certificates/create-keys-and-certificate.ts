import { generateKeyPairSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { Operation } from '../http/operation.ts'
import { flag } from '../identity/input.ts'
import { addCertificate } from './add-certificate.ts'

/** `rsa-2048` is what AWS makes, and takes a tenth of a second or more, in which the cloud does nothing else; `ec-p256` takes less than a millisecond. */
const DEVICE_KEYS: 'rsa-2048' | 'ec-p256' = 'rsa-2048'

/** The answer is the only time that the private key is seen: it isn't kept. */
export const createKeysAndCertificate: Operation = {
  service: 'iot',
  name: 'CreateKeysAndCertificate',
  method: 'POST',
  path: '/keys-and-certificate',
  run(cloud, { query, region }) {
    const { publicKey, privateKey } = keyPair()
    const certificatePem = cloud.ca.issueDevice(publicKey)
    const status = flag(query, 'setAsActive') ? 'ACTIVE' : 'INACTIVE'
    const answer = addCertificate(cloud, { pem: certificatePem, status, region })
    const PublicKey = publicKey.export({ type: 'spki', format: 'pem' })
    const PrivateKey = privateKey.export({ type: DEVICE_KEYS === 'rsa-2048' ? 'pkcs1' : 'sec1', format: 'pem' })
    return { ...answer, certificatePem, keyPair: { PublicKey, PrivateKey } }
  },
}

function keyPair(): { publicKey: KeyObject; privateKey: KeyObject } {
  if (DEVICE_KEYS === 'rsa-2048') return generateKeyPairSync('rsa', { modulusLength: 2048 })
  return generateKeyPairSync('ec', { namedCurve: 'P-256' })
}
