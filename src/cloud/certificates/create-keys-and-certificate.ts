import type { Operation } from '../http/operation.ts'
import { flag } from '../identity/input.ts'
import { addCertificate } from './add-certificate.ts'
import { DEVICE_KEYS } from './key-pairs.ts'

/** The answer is the only time that the private key is seen: it isn't kept. */
export const createKeysAndCertificate: Operation = {
  service: 'iot',
  name: 'CreateKeysAndCertificate',
  method: 'POST',
  path: '/keys-and-certificate',
  run(cloud, { query, region }) {
    const { publicKey, privateKey } = cloud.keyPairs.take()
    const certificatePem = cloud.ca.issueDevice(publicKey)
    const status = flag(query, 'setAsActive') ? 'ACTIVE' : 'INACTIVE'
    const answer = addCertificate(cloud, { pem: certificatePem, status, region })
    const PublicKey = publicKey.export({ type: 'spki', format: 'pem' })
    const PrivateKey = privateKey.export({ type: DEVICE_KEYS === 'rsa-2048' ? 'pkcs1' : 'sec1', format: 'pem' })
    return { ...answer, certificatePem, keyPair: { PublicKey, PrivateKey } }
  },
}
