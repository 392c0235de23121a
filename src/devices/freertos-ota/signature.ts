import { createPublicKey, createVerify, type KeyObject } from 'node:crypto'
import type { WholeImage } from '../ota/shared-blocks.ts'
import type { Hardware } from '../firmware.ts'
import { PAL_ERR } from './codes.ts'
import type { FreertosOtaConfig } from './config.ts'
import type { OtaFile } from './job.ts'

const keys = new Map<string, KeyObject>()

/** The check of the platform when the file is closed: 0, or what it says is wrong. SHA-256 with the key that the certificate has, ECDSA or RSA. */
export function verify(
  image: WholeImage,
  { certificatePath, signature }: OtaFile,
  hardware: Hardware,
  certificate: FreertosOtaConfig['certificate'],
): number {
  const signer = certificate === 'missing' ? undefined : hardware.certificate(certificatePath)
  if (signer === undefined) return PAL_ERR.badSignerCert
  // Its key belongs to no signature that is made today.
  if (certificate === 'outdated') return PAL_ERR.signatureCheckFailed
  const question = `${signer} ${signature}`
  let isGood = image.findings.get(question)
  if (isGood === undefined) {
    const check = createVerify('sha256')
    for (const block of image.blocks) check.update(block)
    isGood = check.verify(keyOf(signer), signature, 'base64')
    image.findings.set(question, isGood)
  }
  return isGood ? 0 : PAL_ERR.signatureCheckFailed
}

function keyOf(pem: string): KeyObject {
  let key = keys.get(pem)
  if (!key) keys.set(pem, (key = createPublicKey(pem)))
  return key
}
