import { z } from 'zod'
import { duration, rate, share } from '../units.ts'

/** Conditions of a device's link, applied to MQTT and HTTP alike. Rates are in bits a second, times in milliseconds. */
const conditions = z
  .strictObject({
    latency: duration().prefault('20ms').describe('One-way delay.'),
    jitter: duration().prefault('0ms').describe('Standard deviation of the delay, which is never negative.'),
    bandwidth: z
      .union([rate(), z.strictObject({ up: rate().describe('From the device.'), down: rate().describe('To the device.') })])
      .optional()
      .describe('Rate of the link, for both directions or for each. Unlimited when left out.'),
    loss: share()
      .prefault('0%')
      .describe('Packet loss under TCP: it costs retransmission time, and a connection that loses too much in a row is reset.'),
    offline: z
      .array(
        z.union([
          z
            .strictObject({ at: duration().describe('After the start of the run.'), for: duration().describe('How long.') })
            .describe('Once, so long after the start of the run.'),
          z
            .strictObject({ every: duration().describe('From one start to the next.'), for: duration().describe('How long.') })
            .describe('Again and again, with a phase of its own for each device.'),
        ]),
      )
      .default([])
      .describe('Windows in which nothing passes: connections drop, and new ones fail.'),
  })
  .meta({ title: 'conditions' })

/** Rates and delays of common links: LTE-M and NB-IoT as nRF9160 logs show them (15 kB/s measured on LTE-M); the rest is typical of the medium. */
export const PROFILES = {
  'lte-m': { latency: 100, jitter: 30, bandwidth: { up: 100_000, down: 300_000 }, loss: 0.002, offline: [] },
  'nb-iot': { latency: 800, jitter: 300, bandwidth: { up: 20_000, down: 25_000 }, loss: 0.01, offline: [] },
  wifi: { latency: 5, jitter: 3, bandwidth: { up: 10_000_000, down: 20_000_000 }, loss: 0.002, offline: [] },
  ethernet: { latency: 1, jitter: 0, bandwidth: { up: 100_000_000, down: 100_000_000 }, loss: 0, offline: [] },
} as const satisfies Record<string, LinkConfig>

export type OfflineWindow = { readonly at: number; readonly for: number } | { readonly every: number; readonly for: number }

export interface LinkConfig {
  readonly latency: number
  readonly jitter: number
  /** Bits a second. */
  readonly bandwidth?: { readonly up: number; readonly down: number }
  readonly loss: number
  readonly offline: readonly OfflineWindow[]
}

const profileNames = Object.keys(PROFILES) as (keyof typeof PROFILES)[]

/** `link:` of a group: a profile's name, or conditions of one's own. */
export const linkConfig = z.union([z.enum(profileNames), conditions]).transform((link): LinkConfig => {
  if (typeof link === 'string') return PROFILES[link]
  const { bandwidth, ...rest } = link
  if (bandwidth === undefined) return rest
  return { ...rest, bandwidth: typeof bandwidth === 'number' ? { up: bandwidth, down: bandwidth } : bandwidth }
})
