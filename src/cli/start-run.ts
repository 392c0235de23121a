import { UserError } from '../errors.ts'
import type { Account } from '../run/account.ts'
import { readMachine } from '../run/machine.ts'
import { layOut } from '../run/plan.ts'
import { heapFlags, keepHeapOfThreadsOrdinary } from '../run/virtual-heap.ts'
import type { Problem } from '../scenario/problem.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { parseDuration } from '../units.ts'
import { VERSION } from '../version.ts'
import { interruptSignal } from './interrupt.ts'
import { liveView } from './live-view.ts'
import { loadWithPlugins } from './load-scenario.ts'
import type { MayStartOptions } from './may-start.ts'
import { parseOutputs } from './outputs.ts'
import { endWithFirstProcess, inProcessOfItsOwn } from './own-process.ts'
import { printProblems } from './problems.ts'
import type { RunArguments } from './run.ts'
import { checkPort, checkWholeNumber } from './whole-number.ts'

const INVALID_SCENARIO = 104
const USAGE_ERROR = 2
/** Far more threads than there are cores only get in each other's way. */
const MAX_WORKERS = 256

/** Options that stand for an override. */
const OVERRIDDEN = { speed: 'time.speed', seed: 'seed', cloud: 'cloud' }

/** Checks what the command line says and the scenario, and rehearses it. Returns the exit code. */
export async function run(args: RunArguments): Promise<number> {
  const lingerMs = parseDuration(args.linger)
  if (lingerMs === undefined) throw new UserError(`--linger: expected a duration such as 15s, found ${args.linger}`, USAGE_ERROR)
  if (args.workers !== undefined) checkWholeNumber('workers', args.workers, 1, MAX_WORKERS)
  checkPort('metrics-port', args['metrics-port'])
  const outputs = parseOutputs(args.out)
  const maxCost = args['max-cost']
  if (maxCost !== undefined && !(maxCost >= 0)) throw new UserError('--max-cost: expected an amount in US dollars such as 2.50', USAGE_ERROR)
  const values = { ...args, cloud: args.cloud === undefined ? undefined : cloudOverride(args.cloud) }
  const shortcuts = (['speed', 'seed', 'cloud'] as const).filter((option) => args[option] !== undefined)
  const overrides = [...args.set, ...shortcuts.map((option) => `${OVERRIDDEN[option]}=${values[option]}`)]
  const loaded = await loadWithPlugins(args.scenario, { set: overrides, env: process.env })
  if ('problems' in loaded) {
    for (const problem of loaded.problems) refuseShortcut(problem, shortcuts[problem.line - 1 - args.set.length])
    printProblems(loaded.problems)
    return INVALID_SCENARIO
  }
  const scenario = inPlace(loaded.scenario, args)
  const devices = layOut(scenario).size
  if (scenario.time.speed === 'max') {
    const flags = heapFlags(devices, readMachine(), process.execArgv)
    if (flags.length > 0) return inProcessOfItsOwn(flags, process.argv.slice(1))
    endWithFirstProcess()
    keepHeapOfThreadsOrdinary()
  }
  if (!args.quiet) {
    const pace = scenario.time.speed === 'max' ? 'virtual time' : `${scenario.time.speed} × real time`
    process.stdout.write(`fleetsim ${VERSION} · ${scenario.name} · ${devices.toLocaleString('en')} devices · ${pace} · seed ${scenario.seed}\n`)
  }
  const account = scenario.cloud.type === 'embedded' ? undefined : await enter(scenario, { yes: args.yes, maxCost, quiet: args.quiet })
  const { rehearse } = await import('./rehearse.ts')
  return rehearse({
    scenario,
    command: commandLine(args),
    account,
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
}

/** `--cloud` as YAML of the scenario. */
function cloudOverride(cloud: string): string {
  if (cloud === 'embedded' || cloud === 'aws') return cloud
  if (URL.canParse(cloud)) return `{ endpoint: ${JSON.stringify(cloud)} }`
  throw new UserError(`--cloud: expected embedded, aws or a URL, found ${cloud}`, USAGE_ERROR)
}

/** The scenario with region and profile of the command line. */
function inPlace(scenario: Scenario, { region, profile }: RunArguments): Scenario {
  const { cloud } = scenario
  if (region === undefined && profile === undefined) return scenario
  const option = region === undefined ? '--profile' : '--region'
  if (cloud.type === 'embedded') throw new UserError(`${option}: expected only with a cloud that has such a thing, such as --cloud aws`, USAGE_ERROR)
  if (cloud.type === 'endpoint' && profile !== undefined) throw new UserError('--profile: expected only with --cloud aws', USAGE_ERROR)
  return { ...scenario, cloud: { ...cloud, ...(region !== undefined && { region }), ...(profile !== undefined && { profile }) } }
}

/** Reaches a cloud that others use, too: AWS is asked for permission to start, another cloud for what the run needs. */
async function enter(scenario: Scenario, options: MayStartOptions): Promise<Account> {
  const { openAccount } = await import('../run/account.ts')
  const account = await openAccount(scenario)
  if (account.isAws) {
    const { mayStart } = await import('./may-start.ts')
    await mayStart(account, scenario, options)
  } else {
    const { probe } = await import('../run/probe.ts')
    await probe(account, scenario)
  }
  return account
}

/** Problems of overrides are counted in the order of the overrides; those that came from an option of their own are told as that option's. */
function refuseShortcut({ file, expected, found }: Problem, option: string | undefined): void {
  if (file === '--set' && option !== undefined) throw new UserError(`--${option}: expected ${expected}, found ${found}`, USAGE_ERROR)
}

/** What repeats the run. */
function commandLine(args: RunArguments): string {
  const words = ['fleetsim', 'run', args.scenario]
  if (args.speed !== undefined) words.push('--speed', args.speed)
  if (args.seed !== undefined) words.push('--seed', args.seed)
  if (args.cloud !== undefined) words.push('--cloud', args.cloud)
  if (args.region !== undefined) words.push('--region', args.region)
  if (args.profile !== undefined) words.push('--profile', args.profile)
  for (const override of args.set) words.push('--set', override)
  if (args.workers !== undefined) words.push('--workers', String(args.workers))
  return words.map((word) => (/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ')
}
