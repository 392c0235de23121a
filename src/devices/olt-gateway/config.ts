import { z } from 'zod'
import { linkConfig } from '../../network/config.ts'
import { duration, size } from '../../units.ts'
import { commonConfig } from '../config.ts'

/** An OLT gateway, declared as `gateway:` of the group of field devices that it serves. Nothing but the outline is documented: all numbers are our own. */
const gatewayOptions = z.strictObject({
  link: linkConfig.prefault('ethernet').describe('The uplink to the platform.'),
  connect: z
    .strictObject({ over: duration().describe('First connections are spread evenly over this time.') })
    .prefault({ over: '5s' })
    .describe('How the gateways come up.'),
  keepAlive: duration().prefault('60s').describe('MQTT keep-alive of the uplink.'),
  verify: z
    .enum(['multihash', 'none'])
    .default('multihash')
    .describe('What the gateway checks of a download before it pushes it: the only thing that the platform says about the bytes, or nothing.'),
  parallel: z.int().min(1).max(64).default(4).describe('Devices that one gateway updates at the same time; the others wait for their turn.'),
  downloadTimeout: duration().prefault('60s').describe('A download without an answer is given up after this time.'),
  reportAttempts: z.int().min(1).max(20).default(3).describe('Tries of a report that gets no answer; after the last one nobody hears of it.'),
  deviceTimeout: duration().prefault('10m').describe('A device that is silent for so long after a push has its installation rejected.'),
  pushes: z.int().min(1).max(10).default(3).describe('Pushes to a device that restarts in the middle before its installation is rejected.'),
})

/** Field devices behind OLT gateways. */
export const oltGatewayConfig = z.strictObject({
  kind: z.literal('olt-gateway').describe('Field devices behind gateways of the OLT platform: lights, sensors, switches.'),
  ...commonConfig,
  link: linkConfig.prefault('wifi').describe('The field network between the gateway and its devices.'),
  gateways: z.int().min(1).max(1_000_000).describe('How many gateways; the devices are shared out evenly among them.'),
  gateway: gatewayOptions.prefault({}).describe('The gateways themselves.'),
  slots: z
    .array(z.string().regex(/^[a-zA-Z0-9_]{1,255}$/))
    .min(1)
    .max(16)
    .default(['firmware', 'bootloader', 'configuration'])
    .describe('The slots of the device type. What goes into firmware and bootloader takes a restart.'),
  integrity: z
    .enum(['crc32', 'none'])
    .default('crc32')
    .describe('What a device checks of what its gateway pushed: the checksum of the field protocol, or nothing.'),
  install: duration().prefault('10s').describe('Time to write the binary into its slot.'),
  reboot: duration().prefault('5s').describe('Time from the restart to a running program.'),
  slot: size().prefault('1MiB').describe('What a slot holds: a larger binary is refused.'),
})

export type OltGatewayConfig = z.output<typeof oltGatewayConfig>
export type GatewayConfig = z.output<typeof gatewayOptions>
