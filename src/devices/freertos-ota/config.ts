import { z } from 'zod'
import { duration, size } from '../../units.ts'
import { commonConfig } from '../config.ts'

/** FreeRTOS with the OTA agent of AWS. Defaults are those of its library 3.4, where it has one; devices.md §4.5. */
export const freertosOtaConfig = z.strictObject({
  kind: z.literal('freertos-ota').describe('FreeRTOS OTA agent: takes OTA updates over MQTT streams or HTTP and verifies their code signature.'),
  ...commonConfig,
  protocol: z
    .enum(['mqtt', 'http', 'either'])
    .default('either')
    .describe('Which data protocols the firmware was built with; either = both, MQTT first where an update offers both.'),
  blocksPerRequest: z.int().min(1).max(32).default(1).describe('Blocks asked for by one stream request: 1 in the library, 8 in its demo.'),
  requestWait: duration().prefault('10s').describe('A request without an answer is made again after this time.'),
  requestMomentum: z.int().min(1).max(1000).default(32).describe('Requests in a row without a good block before the agent gives up and shuts down.'),
  statusFrequency: z.int().min(1).max(1024).default(64).describe('Blocks between two progress reports: 64 in the library, 25 in its demo.'),
  signature: z
    .enum(['sha256-ecdsa', 'sha256-rsa'])
    .default('sha256-ecdsa')
    .describe('The signature that the platform verifies: another one in an update makes its document unreadable.'),
  certificate: z
    .enum(['installed', 'missing', 'outdated'])
    .default('installed')
    .describe('The code signing certificate on the device: that of the run, none, or one whose key is no longer used.'),
  keepAlive: duration().prefault('60s').describe('MQTT keep-alive.'),
  selfTest: duration()
    .prefault('16s')
    .describe('A new image that has not committed itself by then resets the device, which brings the old one back.'),
  install: duration().prefault('3s').describe('Time to verify the image and set it to boot.'),
  reboot: duration().prefault('10s').describe('Time from the reset to a running program.'),
  slot: size().prefault('4MiB').describe('Room for an image: 1024 blocks, as many as the bitmap of the agent has bits.'),
})

export type FreertosOtaConfig = z.output<typeof freertosOtaConfig>
