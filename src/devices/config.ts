import { z } from 'zod'
import { linkConfig } from '../network/config.ts'
import { duration } from '../units.ts'

const VERSION = /^\d+\.\d+\.\d+$/

const aVersion = { error: 'a version such as 1.0.0' }

export const version = () => z.string(aVersion).regex(VERSION, aVersion)

/** What every group of a fleet says, whatever the kind of its devices. Times in milliseconds. */
export const commonConfig = {
  count: z.int().min(1).max(10_000_000).describe('How many devices.'),
  firmware: version().describe('The version that they run at the start.'),
  link: linkConfig.prefault('ethernet').describe('A link profile (lte-m, nb-iot, wifi, ethernet) or conditions of your own.'),
  connect: z
    .strictObject({ over: duration().describe('First connections are spread evenly over this time.') })
    .prefault({ over: '10s' })
    .describe('How the group comes up.'),
}
