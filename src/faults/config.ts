import { z } from 'zod'
import { type Phase, PHASES } from '../ports/events.ts'
import type { DeviceKind } from '../ports/fleet.ts'
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

const whichDevices = devices.describe('Which devices: `trackers`, `3% of trackers`, `5 of trackers`.')

const [first, ...rest] = FAULTS.map((kind) =>
  z.strictObject({
    devices: whichDevices,
    do: z.literal(kind.name).describe('What happens to them.'),
    during: z
      .enum(kind.phases as [Phase, ...Phase[]])
      .default(kind.phases[0]!)
      .describe('The step of the update in which it strikes.'),
    ...kind.config.shape,
  }),
)

/** A fault of a user's own module. What `config` may hold is the module's business: its schema checks it (scenario/check-plugins.ts). */
const pluginFault = z.strictObject({
  devices: whichDevices,
  do: z.literal('plugin').describe('What happens to them.'),
  during: z.enum(PHASES as [Phase, ...Phase[]]).describe('The step of the update in which it strikes.'),
  uses: z.string().min(1).describe('The module, a file relative to the scenario.'),
  config: z.record(z.string(), z.unknown()).default({}).describe('What the module takes; its own schema says what that is.'),
})

/** One entry of `faults:`. */
export const faultConfig = z.discriminatedUnion('do', [first!, ...rest, pluginFault])

export interface FaultConfig {
  readonly devices: DeviceSelection
  readonly do: string
  readonly during: Phase
  /** Of a fault of a user's own: its module, and what it takes. */
  readonly uses?: string
  readonly config?: Readonly<Record<string, unknown>>
}

/** The kinds of devices that a fault can strike; undefined when it can strike any, or is a user's own. */
export function kindsStruckBy(fault: string): readonly DeviceKind[] | undefined {
  return FAULTS.find(({ name }) => name === fault)?.kinds
}

function parseSelection(text: string): DeviceSelection | undefined {
  const [amount, of, group, ...more] = text.trim().split(/\s+/)
  if (amount && of === undefined) return { group: amount }
  if (of !== 'of' || !group || more.length > 0) return undefined
  const share = parseShare(amount!)
  if (share !== undefined) return { group, share }
  return /^\d+$/.test(amount!) ? { group, count: Number(amount) } : undefined
}
