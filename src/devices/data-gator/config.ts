import { z } from 'zod'
import { linkConfig } from '../../network/config.ts'
import { duration, size } from '../../units.ts'
import { commonConfig } from '../config.ts'
import { gatewayOptions } from '../scarecro-gateway/config.ts'

/** Data Gators behind SCARECRO gateways. Defaults are those of the Data Gator's own firmware. */
export const dataGatorConfig = z.strictObject({
  kind: z.literal('data-gator').describe('Data Gator: wakes now and then and asks its SCARECRO gateway for a new version.'),
  ...commonConfig,
  link: linkConfig.prefault('wifi').describe("The link to the gateway's hotspot."),
  gateways: z.int().min(1).max(1_000_000).describe('How many SCARECRO gateways; the gators are shared out evenly among them.'),
  gateway: gatewayOptions.prefault({}).describe('The gateways themselves.'),
  integrity: z.enum(['crc32', 'none']).default('none').describe('What the gator checks before it installs. The real one checks a header byte only.'),
  tick: duration().prefault('65s').describe('Deep sleep between two wakes.'),
  otaPeriod: z.int().min(1).max(120).default(60).describe('Wakes between two looks at the gateway’s current version.'),
  telemetry: z
    .enum(['version', 'full'])
    .default('version')
    .describe('What its telemetry says: version and battery, or all that the real one says, with signal and access point.'),
  attempts: z.int().min(1).max(10).default(3).describe('Downloads tried in a row before the gator waits for its next look.'),
  stallTimeout: duration().prefault('30s').describe('A download without progress is given up after this time.'),
  reboot: duration().prefault('5s').describe('Time from the restart to a running program.'),
  slot: size().prefault('1989760B').describe('The OTA slot: a larger image is refused.'),
})

export type DataGatorConfig = z.output<typeof dataGatorConfig>
