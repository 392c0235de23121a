import type { z } from 'zod'
import { rolloutConfig } from '../controller/config.ts'
import type { RolloutConfig } from '../controller/config.ts'
import { faultConfig } from '../faults/config.ts'
import type { FaultConfig } from '../faults/config.ts'
import { cloudConfig } from './cloud.ts'
import type { CloudConfig } from './cloud.ts'
import { groupConfig, imageConfig } from './schema.ts'
import type { GroupConfig, ImageConfig } from './schema.ts'

/**
 * What can be made out of a scenario that may be wrong in places, so that one mistake doesn't hide the next: a group that doesn't parse
 * is `undefined`, and its name still counts when a rollout points at it.
 */
export interface Draft {
  readonly cloud: CloudConfig | undefined
  /** `time.speed`, whatever it is. */
  readonly speed: unknown
  readonly fleet: ReadonlyMap<string, GroupConfig | undefined>
  readonly images: ReadonlyMap<string, ImageConfig | undefined>
  readonly rollouts: readonly (RolloutConfig | undefined)[]
  readonly faults: readonly (FaultConfig | undefined)[]
  readonly thresholds: readonly (string | undefined)[]
}

export function draftOf(value: unknown): Draft {
  const fields = isMap(value) ? value : {}
  const time = fields['time']
  return {
    cloud: parsed(cloudConfig, fields['cloud'] ?? 'embedded'),
    speed: isMap(time) ? time['speed'] : undefined,
    fleet: named(fields['fleet'], groupConfig),
    images: named(fields['images'], imageConfig),
    rollouts: listed(fields['rollouts'], (entry) => parsed(rolloutConfig, entry)),
    faults: listed(fields['faults'], (entry) => parsed(faultConfig, entry)),
    thresholds: listed(fields['thresholds'], (entry) => (typeof entry === 'string' ? entry : undefined)),
  }
}

function named<Schema extends z.ZodType>(value: unknown, schema: Schema): Map<string, z.output<Schema> | undefined> {
  return new Map(Object.entries(isMap(value) ? value : {}).map(([name, entry]) => [name, parsed(schema, entry)]))
}

function listed<T>(value: unknown, read: (entry: unknown) => T): T[] {
  return Array.isArray(value) ? value.map(read) : []
}

function parsed<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> | undefined {
  return schema.safeParse(value).data
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
