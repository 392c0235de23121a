import type { CommandModule } from 'yargs'
import { forecast } from '../scenario/forecast.ts'
import type { Forecast } from '../scenario/forecast.ts'
import { forecastText } from '../scenario/forecast-text.ts'
import { fileSizeOf } from '../scenario/load.ts'
import { formatProblem } from '../scenario/problem.ts'
import type { Problem } from '../scenario/problem.ts'
import { environmentOptions } from './environment.ts'
import { loadWithPlugins } from './load-scenario.ts'

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
    const { forecasts, problems } = await validate(files, set)
    printProblems(problems)
    if (problems.length > 0) process.exitCode = INVALID_SCENARIO
    if (json) console.log(JSON.stringify(forecasts, null, 2))
    else if (forecasts.length > 0) console.log(forecasts.map(forecastText).join('\n\n'))
  },
}

/** Problems on stderr, one a line, and as annotations where GitHub's runner reads them. Other commands print theirs with this, too. */
export function printProblems(problems: readonly Problem[]): void {
  for (const problem of problems) {
    console.error(formatProblem(problem))
    if (process.env['GITHUB_ACTIONS'] === 'true') console.error(annotation(problem))
  }
}

async function validate(files: readonly string[], set: readonly string[]): Promise<{ forecasts: Forecast[]; problems: Problem[] }> {
  const forecasts: Forecast[] = []
  const problems: Problem[] = []
  for (const file of files) {
    const loaded = await loadWithPlugins(file, { set, env: process.env })
    if ('problems' in loaded) problems.push(...loaded.problems)
    else forecasts.push(forecast(loaded.scenario, fileSizeOf(loaded.scenario)))
  }
  return { forecasts, problems }
}

/** A workflow command: `%`, line breaks, and in properties `:` and `,`, are percent-encoded. */
function annotation({ file, line, col, path, expected, found }: Problem): string {
  const text = (value: string) => value.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
  const property = (value: string) => text(value).replaceAll(':', '%3A').replaceAll(',', '%2C')
  const place = col === 0 ? '' : ` file=${property(file)},line=${line},col=${col}`
  return `::error${place}::${text(`${path || 'scenario'}: expected ${expected}, found ${found}`)}`
}
