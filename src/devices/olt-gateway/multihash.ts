import { createHash } from 'node:crypto'

/** Multihash (multiformats.io): the code of sha2-256 and the length of its digest, 32 bytes. */
const SHA2_256 = '1220'

/** Digests of bytes that many gateways fetch; keyed by identity, so a damaged copy is always summed up by itself. */
const known = new WeakMap<Uint8Array, string>()

/** Why these are not the bytes that the hashes are of; undefined when they are. */
export function mismatch(bytes: Uint8Array, hashes: readonly string[]): string | undefined {
  const expected = hashes.find((hash) => hash.startsWith(SHA2_256))
  if (expected === undefined) return 'no multihash'
  return expected.slice(SHA2_256.length) === digestOf(bytes) ? undefined : 'multihash mismatch'
}

function digestOf(bytes: Uint8Array): string {
  let digest = known.get(bytes)
  if (digest === undefined) known.set(bytes, (digest = createHash('sha256').update(bytes).digest('hex')))
  return digest
}
