/**
 * Why something failed, in a bounded vocabulary: devices, links and faults give free text, of which a label may take only its kind.
 * The first pattern that matches wins, so the narrow ones come first.
 */
const KINDS = [
  ['corrupt-image', /crc|checksum|corrupt|hash|sha|signature|integrity|magic|header|wrong image|mismatch/],
  ['too-large', /too (large|big)|slot|space|exceed/],
  ['http-4xx', /\b4\d\d\b/],
  ['http-5xx', /\b5\d\d\b/],
  ['self-test', /self test/],
  ['install', /install|flash|erase/],
  ['boot', /boot/],
  ['power-loss', /power/],
  ['battery', /battery/],
  ['keep-alive', /keep alive/],
  ['taken-over', /taken over|takeover|same client/],
  ['timeout', /time ?out|timed out|stall|deadline|no answer/],
  ['refused', /refused|denied|not authorized|unauthorized/],
  ['reset', /reset/],
  ['offline', /offline|unreachable|no link|no route|link cut/],
  ['closed', /clos|disconnect|lost|hung up/],
  ['canceled', /cancel/],
  ['rejected', /reject|admission|busy|not supported|unsupported|older|same version/],
  ['bad-document', /document|location|parse|json|invalid|url/],
  ['gave-up', /gave up|retr|attempt/],
] as const satisfies readonly (readonly [string, RegExp])[]

const OTHER = 'other'

/** Every value of the label `reason`; `other` is the last. */
export const REASONS: readonly string[] = [...KINDS.map(([name]) => name), OTHER]

/** Distinct texts whose kind is remembered; texts after that are matched anew each time. */
const REMEMBERED = 1024

const known = new Map<string, number>()

/** The index in `REASONS` of the kind of a reason. */
export function reasonIndex(text: string | undefined): number {
  const key = text ?? ''
  const remembered = known.get(key)
  if (remembered !== undefined) return remembered
  const plain = key.toLowerCase().replaceAll(/[-_]/g, ' ')
  const found = KINDS.findIndex(([name, pattern]) => name === key || pattern.test(plain))
  const index = found === -1 ? REASONS.length - 1 : found
  if (known.size < REMEMBERED) known.set(key, index)
  return index
}
