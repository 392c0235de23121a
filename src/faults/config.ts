import { z } from 'zod'
import type { Phase } from '../ports/events.ts'
import { parseShare } from '../units.ts'
import { FAULTS } from './all.ts'

/** Which devices of a group a fault strikes. */
export type DeviceSelection =
  | { readonly group: string }
  | { readonly group: string; readonly share: number }
  | { readonly group: string; readonly count: number }

const expected = 'devices such as `trackers`, `3% of trackers`, `5 of trackers`'

const devices = z.string({ error: expected }).transform((text, context): DeviceSelection => {
  const selection = parseSelection(text)
  if (selection) return selection
  context.issues.push({ code: 'custom', message: expected, input: text })
  return z.NEVER
})

const [first, ...rest] = FAULTS.map((kind) =>
  z.strictObject({
    devices: devices.describe('Which devices: `trackers`, `3% of trackers`, `5 of trackers`.'),
    do: z.literal(kind.name).describe('What happens to them.'),
    during: z
      .enum(kind.phases as [Phase, ...Phase[]])
      .default(kind.phases[0]!)
      .describe('The step of the update in which it strikes.'),
    ...kind.config.shape,
  }),
)

/** One entry of `faults:`. */
export const faultConfig = z.discriminatedUnion('do', [first!, ...rest])

export interface FaultConfig {
  readonly devices: DeviceSelection
  readonly do: string
  readonly during: Phase
}

function parseSelection(text: string): DeviceSelection | undefined {
  const [amount, of, group, ...more] = text.trim().split(/\s+/)
  if (amount && of === undefined) return { group: amount }
  if (of !== 'of' || !group || more.length > 0) return undefined
  const share = parseShare(amount!)
  if (share !== undefined) return { group, share }
  return /^\d+$/.test(amount!) ? { group, count: Number(amount) } : undefined
}
