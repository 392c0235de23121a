import { createHash } from 'node:crypto'
import type { ResourceKind } from './arn.ts'

/** A UUID that follows from the name and from the generation, so that nothing is stored for it, and that what is made anew gets another one. */
export function resourceId(account: string, kind: ResourceKind | 'membership', name: string, generation: number): string {
  const born = generation === 0 ? '' : ` ${generation}`
  const hex = createHash('sha256').update(`${account} ${kind} ${name}${born}`).digest('hex')
  const variant = ((Number.parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
