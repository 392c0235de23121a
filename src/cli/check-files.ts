import { forecast, type Forecast } from '../scenario/forecast.ts'
import { forecastText } from '../scenario/forecast-text.ts'
import { fileSizeOf } from '../scenario/load.ts'
import type { Problem } from '../scenario/problem.ts'
import { loadWithPlugins } from './load-scenario.ts'
import { printProblems } from './problems.ts'

/** Prints what the scenarios will do, and their problems. Returns whether all of them are valid. */
export async function checkFiles(files: readonly string[], set: readonly string[], json: boolean): Promise<boolean> {
  const { forecasts, problems } = await validate(files, set)
  printProblems(problems)
  if (json) console.log(JSON.stringify(forecasts, null, 2))
  else if (forecasts.length > 0) console.log(forecasts.map(forecastText).join('\n\n'))
  return problems.length === 0
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
