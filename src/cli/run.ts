import type { CommandModule } from 'yargs'
import { UserError } from '../errors.ts'
import { layOut } from '../run/plan.ts'
import { loadScenario } from '../scenario/load.ts'
import type { Problem } from '../scenario/problem.ts'
import { parseDuration } from '../units.ts'
import { VERSION } from '../version.ts'
import { environmentOptions } from './environment.ts'
import { interruptSignal } from './interrupt.ts'
import { liveView } from './live-view.ts'
import { parseOutputs } from './outputs.ts'
import { printProblems } from './validate.ts'
import { checkPort, checkWholeNumber } from './whole-number.ts'

const INVALID_SCENARIO = 104
const USAGE_ERROR = 2
const METRICS_PORT = 9464
/** Far more threads than there are cores only get in each other's way. */
const MAX_WORKERS = 256
const FROM_ENVIRONMENT = ['speed', 'seed', 'set', 'workers', 'results-dir', 'metrics-port', 'metrics-host', 'linger', 'out', 'quiet']

/** Options that stand for an override. */
const OVERRIDDEN = { speed: 'time.speed', seed: 'seed' }

interface Arguments {
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
}

/** `fleetsim run <scenario>`: the rehearsal, from the first device to the verdict. */
export const runCommand: CommandModule<object, Arguments> = {
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
      .option('quiet', { alias: 'q', describe: 'Only the final summary', type: 'boolean', default: false }),
  handler: async (args) => {
    const lingerMs = parseDuration(args.linger)
    if (lingerMs === undefined) throw new UserError(`--linger: expected a duration such as 15s, found ${args.linger}`, USAGE_ERROR)
    if (args.workers !== undefined) checkWholeNumber('workers', args.workers, 1, MAX_WORKERS)
    checkPort('metrics-port', args['metrics-port'])
    const outputs = parseOutputs(args.out)
    const shortcuts = (['speed', 'seed'] as const).filter((option) => args[option] !== undefined)
    const overrides = [...args.set, ...shortcuts.map((option) => `${OVERRIDDEN[option]}=${args[option]}`)]
    const loaded = loadScenario(args.scenario, { set: overrides, env: process.env })
    if ('problems' in loaded) {
      for (const problem of loaded.problems) refuseShortcut(problem, shortcuts[problem.line - 1 - args.set.length])
      printProblems(loaded.problems)
      process.exitCode = INVALID_SCENARIO
      return
    }
    const { scenario } = loaded
    const devices = layOut(scenario).size
    if (!args.quiet) {
      const pace = scenario.time.speed === 'max' ? 'virtual time' : `${scenario.time.speed} × real time`
      process.stdout.write(`fleetsim ${VERSION} · ${scenario.name} · ${devices.toLocaleString('en')} devices · ${pace} · seed ${scenario.seed}\n`)
    }
    const { rehearse } = await import('./rehearse.ts')
    process.exitCode = await rehearse({
      scenario,
      command: commandLine(args),
      workers: args.workers,
      resultsDir: args['results-dir'],
      metrics: { port: args['metrics-port'], host: args['metrics-host'] },
      lingerMs,
      outputs,
      interrupt: interruptSignal(),
      showLive: args.quiet ? undefined : liveView(process.stdout),
      print: (text) => process.stdout.write(text),
      color: process.stdout.isTTY && !process.env['NO_COLOR'],
    })
  },
}

/** Problems of overrides are counted in the order of the overrides; those that came from an option of their own are told as that option's. */
function refuseShortcut({ file, expected, found }: Problem, option: string | undefined): void {
  if (file === '--set' && option !== undefined) throw new UserError(`--${option}: expected ${expected}, found ${found}`, USAGE_ERROR)
}

/** What repeats the run. */
function commandLine(args: Arguments): string {
  const words = ['fleetsim', 'run', args.scenario]
  if (args.speed !== undefined) words.push('--speed', args.speed)
  if (args.seed !== undefined) words.push('--seed', args.seed)
  for (const override of args.set) words.push('--set', override)
  if (args.workers !== undefined) words.push('--workers', String(args.workers))
  return words.map((word) => (/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ')
}
