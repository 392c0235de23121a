import type { CommandModule } from 'yargs'
import { environmentOptions } from './environment.ts'

/** README, exit codes: the scenario is invalid and nothing was started. */
const INVALID_SCENARIO = 104

interface Arguments {
  readonly files: string[]
  readonly set: string[]
  readonly json: boolean
}

/** `fleetsim validate <files..>`: checks scenarios and tells what they will do, without starting anything. */
export const validateCommand: CommandModule<object, Arguments> = {
  command: 'validate <files..>',
  describe: 'Check scenarios and tell what they will do',
  builder: (yargs) =>
    yargs
      .config(environmentOptions(['set', 'json']))
      .positional('files', { describe: 'Scenario files', type: 'string', array: true, demandOption: true })
      .option('set', { describe: 'Override a value: fleet.trackers.count=10', type: 'string', array: true, default: [], nargs: 1 })
      .option('json', { describe: 'Print the forecasts as JSON', type: 'boolean', default: false }),
  handler: async ({ files, set, json }) => {
    const { checkFiles } = await import('./check-files.ts')
    if (!(await checkFiles(files, set, json))) process.exitCode = INVALID_SCENARIO
  },
}
