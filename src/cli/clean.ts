import { resolve } from 'node:path'
import type { CommandModule } from 'yargs'
import { UserError } from '../errors.ts'
import { environmentOptions } from './environment.ts'

const USAGE_ERROR = 2
/** Names of one kind that are written out; of the rest it is told how many. */
const SHOWN = 10

interface Arguments {
  readonly run: string | undefined
  readonly all: boolean
  readonly region: string | undefined
  readonly profile: string | undefined
  readonly endpoint: string | undefined
  readonly ca: string | undefined
  readonly 'results-dir': string
  readonly yes: boolean
}

/** `fleetsim clean`: lists what runs left in an AWS account, and removes it. */
export const cleanCommand: CommandModule<object, Arguments> = {
  command: 'clean',
  describe: 'List, and with --yes remove, what runs left in an AWS account',
  builder: (yargs) =>
    yargs
      .config(environmentOptions(['region', 'profile', 'endpoint', 'ca', 'results-dir']))
      .option('run', { describe: 'Only what this run made', type: 'string' })
      .option('all', { describe: 'What any run made: others may be at work', type: 'boolean', default: false })
      .option('region', { describe: 'AWS region (default: that of the run, or of the profile)', type: 'string' })
      .option('profile', { describe: 'Profile of the AWS configuration files', type: 'string' })
      .option('endpoint', { describe: 'URL of another AWS-compatible cloud', type: 'string' })
      .option('ca', { describe: 'PEM file with the CA of that cloud', type: 'string' })
      .option('results-dir', { describe: 'Results of runs: what they say of a run is used', type: 'string', default: 'runs' })
      .option('yes', { alias: 'y', describe: 'Remove what is listed', type: 'boolean', default: false }),
  handler: async ({ run, all, region, profile, endpoint, ca, 'results-dir': resultsDir, yes }) => {
    if (run !== undefined && all) throw new UserError('--run and --all: expected one of them, found both', USAGE_ERROR)
    if (yes && run === undefined && !all)
      throw new UserError('--yes: expected --run ID or --all with it, so that nothing of others is removed', USAGE_ERROR)
    const { findInAccount, listed } = await import('../run/clean-account.ts')
    const place = {
      ...(region !== undefined && { region }),
      ...(profile !== undefined && { profile }),
      ...(endpoint !== undefined && { iot: endpoint, s3: endpoint, data: endpoint }),
      ...(ca !== undefined && { ca: resolve(ca) }),
    }
    const found = await findInAccount({ runId: run, place, resultsDir })
    const say = (text: string) => process.stdout.write(`${text}\n`)
    try {
      say(found.whose)
      for (const operation of found.missing) say(`  ${operation} is not there: nothing of the kind can be left`)
      for (const [id, names] of found.runs) {
        say(`run ${id}`)
        for (const [kind, of] of listed(names)) say(`  ${kind.padEnd(12)} ${of.length}: ${shortened(of)}`)
      }
      if (found.runs.size === 0) say(run === undefined ? 'Nothing is left of any run.' : `Nothing is left of run ${run}.`)
      else if (yes) say(`${await found.remove()} resources removed`)
      else say(`Nothing was removed. With --yes and ${run === undefined ? '--run ID, or --all,' : `--run ${run}`} it is.`)
    } finally {
      found.close()
    }
  },
}

function shortened(names: readonly string[]): string {
  const more = names.length - SHOWN
  return more > 0 ? `${names.slice(0, SHOWN).join(', ')} and ${more} more` : names.join(', ')
}
