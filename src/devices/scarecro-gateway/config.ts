import { z } from 'zod'
import { linkConfig } from '../../network/config.ts'
import { duration } from '../../units.ts'

/** A SCARECRO gateway, declared as `gateway:` of the group of gators that it serves. */
export const gatewayOptions = z.strictObject({
  link: linkConfig.prefault('ethernet').describe('The uplink to the cloud.'),
  connect: z
    .strictObject({ over: duration().describe('First connections are spread evenly over this time.') })
    .prefault({ over: '5s' })
    .describe('How the gateways come up.'),
  strict: z
    .boolean()
    .default(false)
    .describe('Does what its documentation promises: confirms where it is asked to, and neither confirms nor announces what it could not download.'),
  keepAlive: duration().prefault('60s').describe('MQTT keep-alive of the uplink.'),
  downloadTimeout: duration().prefault('60s').describe('A download from S3 without an answer is given up after this time.'),
})

export type GatewayConfig = z.output<typeof gatewayOptions>
