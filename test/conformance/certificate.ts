import { webcrypto } from 'node:crypto'
import 'reflect-metadata'
import { BasicConstraintsExtension, Pkcs10CertificateRequestGenerator, X509CertificateGenerator } from '@peculiar/x509'
import type { Target } from './target.ts'

/** Certificates and policies that tests make: what holds a prefix in its name is removed with the target, certificates have none. */

export const ALLOW_ALL = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'iot:*', Resource: '*' }] })
export const DENY_ALL = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: 'iot:*', Resource: '*' }] })

const KEYS = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

export interface MadeCertificate {
  readonly id: string
  readonly arn: string
  readonly pem: string
}

/** Hands over a new ACTIVE certificate, and removes it afterwards with all that hangs on it. */
export async function withCertificate(target: Target, run: (certificate: MadeCertificate) => Promise<void>): Promise<void> {
  const { certificateId, certificateArn, certificatePem } = await target.iot.createKeysAndCertificate({ setAsActive: true })
  try {
    await run({ id: certificateId!, arn: certificateArn!, pem: certificatePem! })
  } finally {
    await removeCertificate(target, certificateId!, certificateArn!)
  }
}

/** Does nothing for one that is gone. */
export async function removeCertificate({ iot }: Target, certificateId: string, arn: string): Promise<void> {
  const known = await iot.describeCertificate({ certificateId }).catch(() => undefined)
  if (!known) return
  const { things = [] } = await iot.listPrincipalThings({ principal: arn })
  for (const thingName of things) await iot.detachThingPrincipal({ thingName, principal: arn })
  const { policies = [] } = await iot.listAttachedPolicies({ target: arn })
  for (const { policyName } of policies) await iot.detachPolicy({ policyName: policyName!, target: arn })
  await iot.updateCertificate({ certificateId, newStatus: 'INACTIVE' })
  await iot.deleteCertificate({ certificateId, forceDelete: true })
}

export async function policy(target: Target, policyDocument = ALLOW_ALL): Promise<string> {
  const policyName = target.name('policy')
  await target.iot.createPolicy({ policyName, policyDocument })
  return policyName
}

/** In PEM, signed by a key of its own. */
export async function signingRequest(name: string): Promise<string> {
  const keys = await webcrypto.subtle.generateKey(KEYS, true, ['sign', 'verify'])
  return (await Pkcs10CertificateRequestGenerator.create({ name, keys, signingAlgorithm: KEYS })).toString('pem')
}

/** An authority of the test's own, in PEM, and what it signs. */
export async function authority(name: string): Promise<{ readonly pem: string; readonly issue: (subject: string) => Promise<string> }> {
  const keys = await webcrypto.subtle.generateKey(KEYS, true, ['sign', 'verify'])
  const extensions = [new BasicConstraintsExtension(true, undefined, true)]
  const ca = await X509CertificateGenerator.createSelfSigned({ name, keys, signingAlgorithm: KEYS, extensions })
  return {
    pem: ca.toString('pem'),
    async issue(subject) {
      const { publicKey } = await webcrypto.subtle.generateKey(KEYS, true, ['sign', 'verify'])
      const members = { subject, issuer: name, publicKey, signingKey: keys.privateKey, signingAlgorithm: KEYS }
      return (await X509CertificateGenerator.create(members)).toString('pem')
    },
  }
}

/** Registers an authority in the state ACTIVE, hands over its id, and removes it afterwards. */
export async function withAuthority(
  target: Target,
  ca: Awaited<ReturnType<typeof authority>>,
  run: (certificateId: string) => Promise<void>,
): Promise<void> {
  const { registrationCode } = await target.iot.getRegistrationCode({})
  const verificationCertificate = await ca.issue(`CN=${registrationCode}`)
  const { certificateId } = await target.iot.registerCACertificate({ caCertificate: ca.pem, verificationCertificate, setAsActive: true })
  try {
    await run(certificateId!)
  } finally {
    await target.iot.updateCACertificate({ certificateId: certificateId!, newStatus: 'INACTIVE' })
    await target.iot.deleteCACertificate({ certificateId: certificateId! })
  }
}
