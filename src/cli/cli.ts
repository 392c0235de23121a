import yargs from 'yargs'
import { UserError } from '../errors.ts'
import { VERSION } from '../version.ts'
import { cleanCommand } from './clean.ts'
import { cloudCommand } from './cloud.ts'
import { initCommand } from './init.ts'
import { runCommand } from './run.ts'
import { schemaCommand } from './schema.ts'
import { validateCommand } from './validate.ts'

const USAGE_ERROR = 2
const MAX_HELP_WIDTH = 120
const COMMANDS = ['run', 'validate', 'cloud', 'clean', 'init', 'schema']
/** Where yargs' own words leave open what is wrong. */
const WORDING: readonly (readonly [RegExp, string])[] = [
  [/^Did you mean/, 'Unknown command. $&'],
  [/^Not enough non-option arguments.*/s, 'An argument is missing.'],
  [/^Not enough arguments following: (.*)/s, '--$1: expected a value, found nothing.'],
  [/[^.?]$/, '$&.'],
]

/** argv → command → exit code. */
export async function runCli(argv: readonly string[]): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', tolerateClosedPipe)
  const cli = yargs([...argv])
    .scriptName('fleetsim')
    .usage('fleetsim rehearses firmware rollouts against an emulated fleet.\n\nfleetsim <command>')
    .command(runCommand)
    .command(validateCommand)
    .command(cloudCommand)
    .command(cleanCommand)
    .command(initCommand)
    .command(schemaCommand)
    .completion('completion', 'Print a completion script for your shell')
    .example('fleetsim run scenarios/exponential.yaml', 'rehearse a rollout over real sockets')
    .example('fleetsim run scenarios/million.yaml', 'a million devices in virtual time')
    .example('fleetsim validate scenarios/*.yaml', 'what would happen, without starting anything')
    .demandCommand(1, 'Which command?')
    .strict()
    .recommendCommands()
    .locale('en')
    .version(VERSION)
    .wrap(Math.min(MAX_HELP_WIDTH, process.stdout.columns ?? MAX_HELP_WIDTH))
    .fail((message, error) => {
      // A missing value of an option comes as an error of yargs' own.
      if (error && error.name !== 'YError') throw error
      throw new UserError(`${reworded(message)} ${hint(argv)}`, USAGE_ERROR)
    })
  try {
    await cli.parseAsync()
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    process.stderr.write(`fleetsim: ${error.message}\n`)
    process.exitCode = error.exitCode
  }
}

/** Whoever read the output may leave (`| head`): the work goes on, and the results are in their files. */
function tolerateClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}

function reworded(message: string): string {
  return WORDING.reduce((text, [pattern, words]) => text.replace(pattern, words), message)
}

function hint([command]: readonly string[]): string {
  return `See fleetsim ${command !== undefined && COMMANDS.includes(command) ? `${command} ` : ''}--help.`
}
