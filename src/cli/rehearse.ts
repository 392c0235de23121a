import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { operations } from '../cloud/http/operations.ts'
import { UserError } from '../errors.ts'
import { Exporter } from '../metrics/exporter.ts'
import type { MetricsContext } from '../metrics/labels.ts'
import type { MetricsServer } from '../metrics/metrics-server.ts'
import { Recorder } from '../metrics/recorder.ts'
import { Slots } from '../metrics/slots.ts'
import { isOfDevice, type DeviceEvent, type Event } from '../ports/events.ts'
import type { Fleet } from '../ports/fleet.ts'
import { finalSummary } from '../report/final-summary.ts'
import { startJournal } from '../report/journal.ts'
import { type LiveState, liveState } from '../report/live-state.ts'
import { summarize } from '../report/summary.ts'
import { Tally } from '../report/tally.ts'
import { evaluate } from '../report/thresholds.ts'
import type { Account } from '../run/account.ts'
import { awsWorld } from '../run/aws-world.ts'
import { loadOf, planSpread, type Spread } from '../run/capacity.ts'
import { readMachine } from '../run/machine.ts'
import { type Plan, planRun } from '../run/plan.ts'
import { socketsWorld } from '../run/sockets-world.ts'
import { type StoryEnd, tellStory } from '../run/story.ts'
import { virtualWorld } from '../run/virtual-world.ts'
import type { World } from '../run/world.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { partsOf } from '../scenario/targets.ts'
import { VERSION } from '../version.ts'
import type { LiveView } from './live-view.ts'
import type { Output } from './outputs.ts'
import { makeResultsDir, unwritable, writeResults } from './results.ts'

/** How often gauges that are read from the tally are refreshed, in wall-clock milliseconds. */
const GAUGES_MS = 500
const STOPPING = 'interrupted: stopping the run, removing what it made, writing the report (Ctrl-C again ends it at once)'

export interface RehearsalOptions {
  readonly scenario: Scenario
  /** Repeats the run. */
  readonly command: string
  /** The cloud of a scenario whose cloud isn't embedded. */
  readonly account?: Account | undefined
  readonly workers: number | undefined
  readonly resultsDir: string
  /** Port 0: no metrics. */
  readonly metrics: { readonly port: number; readonly host: string }
  readonly lingerMs: number
  readonly outputs: readonly Output[]
  readonly interrupt: AbortSignal
  readonly showLive: LiveView | undefined
  /** Left out, the journal has a thread of its own, which runs from the build only. */
  readonly openJournal?: typeof startJournal
  readonly print: (text: string) => void
  readonly color: boolean
}

/** One run with everything that watches it: journal, tally, metrics, live view, report. Returns the exit code. */
export async function rehearse(options: RehearsalOptions): Promise<number> {
  const { scenario, metrics, account } = options
  const startedAt = new Date()
  const spread = scenario.time.speed === 'max' ? undefined : planSpread(loadOf(scenario, options.workers), readMachine())
  const plan = planRun(scenario, account?.prefix)
  const context = metricsContext(scenario, plan.fleet, spread?.workers ?? 0)
  const runId = account?.runId ?? startedAt.getTime().toString(36)
  const exporter = new Exporter(context, { runId, scenario: scenario.name, seed: scenario.seed, version: VERSION })
  const server = metrics.port === 0 ? undefined : await exporter.listen(metrics.port, metrics.host)
  try {
    return await observed(options, { startedAt, spread, plan, context, runId, exporter, server })
  } finally {
    await server?.close()
  }
}

interface Observation {
  readonly startedAt: Date
  /** None in virtual time. */
  readonly spread: Spread | undefined
  readonly plan: Plan
  readonly context: MetricsContext
  readonly runId: string
  readonly exporter: Exporter
  readonly server: MetricsServer | undefined
}

async function observed(options: RehearsalOptions, { startedAt, spread, plan, context, runId, exporter, server }: Observation): Promise<number> {
  const { scenario, account } = options
  const { speed } = scenario.time
  const directory = makeResultsDir(options.resultsDir, scenario, startedAt)
  const journalPath = join(directory, 'events.ndjson.gz')
  // Time over sockets waits for nobody: what can't be written then is counted.
  const journal = (options.openJournal ?? startJournal)(journalPath, plan.fleet, { whenFull: speed === 'max' ? 'wait' : 'drop' })
  const tally = new Tally(scenario, plan.fleet)
  // Over sockets each worker counts for itself.
  const recorder = speed === 'max' && server ? fleetRecorder(exporter, context) : undefined
  const observers: ((event: DeviceEvent) => void)[] = []

  const emit = (event: Event) => {
    tally.add(event)
    journal.add(event)
    recorder?.event(event)
    if (!isOfDevice(event)) exporter.runEvent(event)
    else for (const observe of observers) observe(event)
  }
  const onPause = () => (journal.full ? journal.drain() : undefined)
  const onCloudRequest = exporter.cloudRequest.bind(exporter)
  const onCounters = (buffer: SharedArrayBuffer, worker: number) => exporter.addSource(buffer, worker)
  const fleet = { scenario, plan, emit, metricsContext: context, onCounters }
  const world: World =
    speed === 'max' || !spread
      ? await virtualWorld({ scenario, plan, emit, onPause, ...(server && { onCloudRequest }) })
      : account
        ? awsWorld({ ...fleet, spread, account, directory })
        : await socketsWorld({ ...fleet, spread, doorProcesses: spread.doorProcesses, speed, onCloudRequest })
  const places = [
    world.address,
    ...(account ? [`run ${runId}: if it is killed, fleetsim clean --run ${runId} --yes removes what it made`] : []),
    ...(server ? [`metrics http://${options.metrics.host}:${server.port}/metrics`] : []),
  ]
  let shown: LiveState | undefined
  const facts = () => ({ fleetsim: VERSION, runId, places, speed, wallMs: Date.now() - startedAt.getTime(), workers: world.health() })
  const show = () => {
    shown = liveState(tally, facts(), shown)
    options.showLive?.show(shown)
  }
  const refresh = () => {
    exporter.simulatedSeconds(tally.now / 1000)
    exporter.health(world.health())
    for (const threshold of scenario.thresholds) exporter.threshold(threshold.text, evaluate(threshold, tally).ok)
  }
  if (options.showLive) options.print([...places, `results in ${directory}`].map((place) => `  ${place}\n`).join(''))
  const showing = options.showLive && setInterval(show, options.showLive.everyMs)
  const refreshing = setInterval(refresh, GAUGES_MS)

  const onInterrupt = () => options.showLive?.say(STOPPING)
  options.interrupt.addEventListener('abort', onInterrupt)

  let ending: StoryEnd
  try {
    ending = await tellStory({
      scenario,
      plan,
      world,
      // What a run makes in its own cloud has the same names every time, so that its journal can be compared.
      runId: account?.runId ?? `seed-${scenario.seed}`,
      emit,
      interrupt: options.interrupt,
      unsettled: () => tally.unsettled(),
      onDeviceEvents: (observer) => observers.push(observer),
    })
  } finally {
    clearInterval(showing)
    clearInterval(refreshing)
    options.interrupt.removeEventListener('abort', onInterrupt)
    refresh()
    if (options.showLive) show()
    options.showLive?.end()
  }
  const journalEnd = await journal.close()
  if (journalEnd.dropped > 0) tally.add({ type: 'warning', at: tally.now, text: incomplete(journalEnd.dropped) })
  const health = world.health()
  await world.close()

  const summary = summarize(tally, {
    id: runId,
    fleetsim: VERSION,
    world: account ? 'aws' : speed === 'max' ? 'virtual' : 'sockets',
    speed,
    command: options.command,
    directory,
    startedAt: startedAt.toISOString(),
    wallSeconds: (Date.now() - startedAt.getTime()) / 1000,
    workers: health,
    journalSha256: journalEnd.sha256,
    ...(ending.failure === undefined ? {} : { error: messageOf(ending.failure) }),
    ...(ending.cleanUpFailure === undefined ? {} : { cleanUpError: messageOf(ending.cleanUpFailure) }),
  })
  const curves = tally.rollouts.map((rollout) => rollout.curve.columns())
  options.print(finalSummary(summary, { color: options.color }))
  writeResults(directory, summary, curves, options.outputs)
  if (journalEnd.failure) throw unwritable(journalPath, journalEnd.failure)
  if (server && options.lingerMs > 0 && !options.interrupt.aborted) {
    options.print(`  /metrics stays up for ${options.lingerMs / 1000} s (Ctrl-C ends it)\n`)
    await wait(options.lingerMs, undefined, { signal: options.interrupt }).catch(() => {})
  }
  return ending.failure instanceof UserError ? ending.failure.exitCode : summary.verdict.exitCode
}

function metricsContext(scenario: Scenario, fleet: Fleet, workers: number): MetricsContext {
  return {
    groups: fleet.groups,
    faults: scenario.faults.map((fault) => fault.do),
    rollouts: scenario.rollouts.map((rollout, index) => {
      const { image, targets } = partsOf(rollout)
      return `${index + 1}: ${image} to ${targets.join(', ')}`
    }),
    thresholds: scenario.thresholds.map(({ text }) => text),
    workers,
    operations: operations.map(({ service, name }) => ({ service, name })),
  }
}

function fleetRecorder(exporter: Exporter, context: MetricsContext): Recorder {
  const buffer = new Slots(context).allocate()
  exporter.addSource(buffer)
  return new Recorder(buffer, context)
}

function incomplete(dropped: number): string {
  return `the journal lacks ${dropped.toLocaleString('en')} events: they came faster than they could be written`
}

function messageOf(error: unknown): string {
  return error instanceof UserError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)
}
