import type { CommandModule } from 'yargs'
import { environmentOptions } from './environment.ts'

const METRICS_PORT = 9464
const FROM_ENVIRONMENT = [
  'speed',
  'seed',
  'set',
  'workers',
  'results-dir',
  'metrics-port',
  'metrics-host',
  'linger',
  'out',
  'quiet',
  'cloud',
  'region',
  'profile',
  'max-cost',
]

export interface RunArguments {
  readonly scenario: string
  readonly speed: string | undefined
  readonly seed: string | undefined
  readonly set: string[]
  readonly workers: number | undefined
  readonly 'results-dir': string
  readonly 'metrics-port': number
  readonly 'metrics-host': string
  readonly linger: string
  readonly out: string[]
  readonly quiet: boolean
  readonly cloud: string | undefined
  readonly region: string | undefined
  readonly profile: string | undefined
  readonly yes: boolean
  readonly 'max-cost': number | undefined
}

/** `fleetsim run <scenario>`: the rehearsal, from the first device to the verdict. */
export const runCommand: CommandModule<object, RunArguments> = {
  command: 'run <scenario>',
  describe: 'Rehearse the rollout of a scenario',
  builder: (yargs) =>
    yargs
      .config(environmentOptions(FROM_ENVIRONMENT))
      .positional('scenario', { describe: 'Scenario file', type: 'string', demandOption: true })
      .option('speed', { describe: 'Simulated seconds per second, or max for virtual time', type: 'string' })
      .option('seed', { describe: 'Seed of every random choice: a whole number', type: 'string' })
      .option('set', { describe: 'Override a value: fleet.trackers.count=10', type: 'string', array: true, nargs: 1, default: [] })
      .option('workers', { alias: 'w', describe: 'Worker threads (default: cores - 1)', type: 'number' })
      .option('results-dir', { describe: 'Where the results of runs go', type: 'string', default: 'runs' })
      .option('metrics-port', { describe: 'Port of /metrics; 0 = none', type: 'number', default: METRICS_PORT })
      .option('metrics-host', { describe: 'Address of /metrics', type: 'string', default: '127.0.0.1' })
      .option('linger', { describe: 'Keep /metrics up after the end, such as 15s', type: 'string', default: '0s' })
      .option('out', {
        alias: 'o',
        describe: 'Another copy of a result: json|junit|html|markdown=PATH',
        type: 'string',
        array: true,
        nargs: 1,
        default: [],
      })
      .option('cloud', { describe: 'embedded, aws, or the URL of an AWS-compatible cloud', type: 'string' })
      .option('region', { describe: 'AWS region', type: 'string' })
      .option('profile', { describe: 'Profile of the AWS configuration files', type: 'string' })
      .option('yes', { alias: 'y', describe: 'Start in an AWS account without asking', type: 'boolean', default: false })
      .option('max-cost', { describe: 'Do not start if it would cost more US dollars', type: 'number' })
      .option('quiet', { alias: 'q', describe: 'Only the final summary', type: 'boolean', default: false }),
  handler: async (args) => {
    const { run } = await import('./start-run.ts')
    process.exitCode = await run(args)
  },
}
