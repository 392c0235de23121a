import { z } from 'zod'
import { duration, size } from '../../units.ts'
import { commonConfig } from '../config.ts'

/** nRF Asset Tracker. Defaults are those of NCS 2.9 `aws_fota` and asset_tracker_v2 where they have one. */
export const trackerConfig = z.strictObject({
  kind: z.literal('tracker').describe('nRF Asset Tracker: takes AWS IoT jobs over MQTT, downloads in ranged requests.'),
  ...commonConfig,
  integrity: z
    .enum(['crc32', 'none'])
    .default('crc32')
    .describe('What the device checks before it installs. The real downloader checks nothing (none): only its boot loader does.'),
  fragment: size().prefault('2KiB').describe('Bytes asked for by each ranged request.'),
  receiveTimeout: duration().prefault('30s').describe('A fragment that takes longer fails the job.'),
  socketRetries: z.int().min(0).max(100).default(2).describe('Lost connections that one download survives.'),
  keepAlive: duration().prefault('1200s').describe('MQTT keep-alive.'),
  install: duration().prefault('5s').describe('Time to verify the image and set it to boot.'),
  reboot: duration().prefault('20s').describe('Time from the reset to a running program, image swap included.'),
  slot: size().prefault('1MiB').describe('The secondary slot: a larger image is refused.'),
})

export type TrackerConfig = z.output<typeof trackerConfig>
