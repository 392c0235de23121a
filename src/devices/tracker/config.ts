import { z } from 'zod'
import { duration, size } from '../../units.ts'
import { commonConfig } from '../config.ts'

/** What the application around the updater does between updates. Defaults are those of asset_tracker_v2. */
const reporting = z.strictObject({
  mode: z.enum(['active', 'passive']).default('active').describe('Reports all the time, or only when it moves.'),
  activeWait: duration().prefault('300s').describe('Between two reports in active mode; older firmware waits 120s.'),
  movementResolution: duration().prefault('120s').describe('The least time between two reports in passive mode.'),
  movementTimeout: duration().prefault('3600s').describe('A report in passive mode without any movement.'),
  network: z.enum(['LTE-M', 'NB-IoT']).default('LTE-M').describe('What the report says of the network.'),
  psm: z
    .strictObject({ activeTime: duration().prefault('20s').describe('How long the radio still listens after it was used.') })
    .optional()
    .describe('Power saving: the radio sleeps between reports, and what the cloud says waits for the next one. Left out: it listens always.'),
})

/** nRF Asset Tracker. Defaults are those of NCS 2.9 `aws_fota` and asset_tracker_v2 where they have one. */
export const trackerConfig = z.strictObject({
  kind: z.literal('tracker').describe('nRF Asset Tracker: takes AWS IoT jobs over MQTT, downloads in ranged requests.'),
  ...commonConfig,
  library: z
    .enum(['2.9', '2019'])
    .default('2.9')
    .describe('The generation of `aws_fota`: that of NCS 2.9, or that of 2019 to 2021, which sends IN_PROGRESS twice and stumbles over duplicates.'),
  integrity: z
    .enum(['crc32', 'none'])
    .default('crc32')
    .describe('What the device checks before it installs. The real downloader checks nothing (none): only its boot loader does.'),
  fragment: size().prefault('2KiB').describe('Bytes asked for by each ranged request.'),
  receiveTimeout: duration().prefault('30s').describe('A fragment that takes longer fails the job. 4s in the library of 2019.'),
  socketRetries: z.int().min(0).max(100).default(2).describe('Lost connections that one download survives.'),
  saveProgress: z
    .boolean()
    .default(false)
    .describe('A download goes on after a restart where it was, if the job still has the same URL. A URL that is signed anew is another one.'),
  messageLimit: size()
    .prefault('1350B')
    .describe('The payload buffer: a message about a job that is longer is not read, and the job stays as it was.'),
  hostLimit: size().prefault('255B').describe('A longer host fails the job.'),
  fileLimit: size()
    .prefault('1KiB')
    .describe('A longer path, its query included, fails the job. The library has 255B where a build does not say more: too little for a signed URL.'),
  tlsTag: z.boolean().default(true).describe('Whether certificates for downloads are configured: without them an https URL fails the job.'),
  connectRetries: z
    .int()
    .min(0)
    .max(15)
    .default(10)
    .describe('Connect attempts after the first, 32 s to 12 days apart, before the application reboots.'),
  keepAlive: duration().prefault('1200s').describe('MQTT keep-alive.'),
  install: duration().prefault('5s').describe('Time to verify the image and set it to boot.'),
  reboot: duration().prefault('20s').describe('Time from the reset to a running program, image swap included.'),
  slot: size().prefault('1MiB').describe('The secondary slot: a larger image is refused.'),
  reporting: reporting
    .optional()
    .describe('The application around the updater: what it reports between updates. Left out: only the version, once a boot.'),
})

export type TrackerConfig = z.output<typeof trackerConfig>
export type ReportingConfig = z.output<typeof reporting>
