import { z } from 'zod'
import { duration } from '../../units.ts'
import { commonConfig } from '../config.ts'

/** Of the service's own configuration file: `[hooks]`, retry_interval and max_retries. */
const MAX_HOOK_RETRIES = 10_000

const exits = z
  .array(z.int().min(0).max(255))
  .min(1)
  .default([0])
  .describe('Exit codes of its calls in order, the last one for all that follow: 0 = good, 3 = try again later, anything else = failed.')

const takes = (usual: string) => duration().prefault(usual).describe('How long a call runs.')

const hook = <Shape extends z.ZodRawShape>(shape: Shape) => z.union([z.literal('none'), z.strictObject(shape)])

const hooks = z.strictObject({
  version: hook({
    takes: takes('100ms'),
    exits,
    prints: z.string().min(1).max(128).optional().describe('What it says runs, whatever does. The running version when it is left out.'),
  })
    .prefault({})
    .describe('Prints the version that runs: before an update, and after it.'),
  download: hook({ takes: takes('100ms'), exits })
    .prefault({})
    .describe('Whether a download is allowed now. Not asked when the job has `force`.'),
  install: hook({
    takes: takes('30s'),
    exits,
    prints: z.array(z.string().min(1)).max(1000).default([]).describe('Lines of its output, spread over its time: each is an installation_progress.'),
    checks: z
      .enum(['nothing', 'signature'])
      .default('nothing')
      .describe('What it makes sure of: nothing, or, as RAUC and SWUpdate do, that the file is an image that was published.'),
  })
    .prefault({})
    .describe('Installs the file. Without it the job ends when the file is there.'),
  restart: hook({
    takes: takes('1s'),
    exits,
    reboots: z.boolean().default(true).describe('Whether the device reboots at its end, or only what was updated starts anew.'),
  })
    .prefault({})
    .describe('Starts what was installed. Without it the job ends with the installation.'),
  ready: hook({ takes: takes('5s'), exits })
    .prefault({})
    .describe('Whether the new version works.'),
  retryInterval: duration().prefault('60s').describe('Time after a call with exit code 3 (retry_interval).'),
  maxRetries: z.int().min(1).max(MAX_HOOK_RETRIES).default(60).describe('Calls until a hook that says 3 counts as failed (max_retries).'),
})

/** Upparat, a service on an embedded Linux. Defaults are those of its version 1.13 where it has one. */
export const upparatConfig = z.strictObject({
  kind: z
    .literal('upparat')
    .describe('Upparat on an embedded Linux: takes AWS IoT jobs over MQTT, downloads in one request, leaves the rest to hooks.'),
  ...commonConfig,
  hooks: hooks
    .prefault({})
    .describe('The commands of the integrator, as scripted outcomes. `none` for one that is not there; the real service has none by default.'),
  keepAlive: duration().prefault('60s').describe('MQTT keep-alive.'),
  reboot: duration().prefault('30s').describe('Time from the end of the restart hook to a running service.'),
})

export type UpparatConfig = z.output<typeof upparatConfig>
