import yargs from 'yargs'
import { UserError } from '../errors.ts'
import { VERSION } from '../version.ts'
import { cloudCommand } from './cloud.ts'
import { initCommand } from './init.ts'
import { runCommand } from './run.ts'
import { schemaCommand } from './schema.ts'
import { validateCommand } from './validate.ts'

const USAGE_ERROR = 2
const MAX_HELP_WIDTH = 120

/** argv → command → exit code. */
export async function runCli(argv: readonly string[]): Promise<void> {
  const cli = yargs([...argv])
    .scriptName('fleetsim')
    .usage('fleetsim rehearses firmware rollouts against an emulated fleet.\n\nfleetsim <command>')
    .command(runCommand)
    .command(validateCommand)
    .command(cloudCommand)
    .command(initCommand)
    .command(schemaCommand)
    .completion('completion', 'Print a completion script for your shell')
    .example('fleetsim run scenarios/exponential.yaml', 'rehearse a rollout over real sockets')
    .example('fleetsim run scenarios/million.yaml', 'a million devices in virtual time')
    .example('fleetsim validate scenarios/*.yaml', 'what would happen, without starting anything')
    .demandCommand(1, 'Which command? See fleetsim --help.')
    .strict()
    .recommendCommands()
    .env('FLEETSIM')
    .version(VERSION)
    .wrap(Math.min(MAX_HELP_WIDTH, process.stdout.columns ?? MAX_HELP_WIDTH))
    .fail((message, error) => {
      throw error ?? new UserError(message, USAGE_ERROR)
    })
  try {
    await cli.parseAsync()
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    process.stderr.write(`fleetsim: ${error.message}\n`)
    process.exitCode = error.exitCode
  }
}
