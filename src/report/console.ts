import { formatDuration, formatSize } from '../units.ts'
import { formatClock, formatCount, formatRates, words } from './figures.ts'
import type { LiveRollout, LiveState } from './live-state.ts'
import type { Standing } from './outcomes.ts'
import { bar, cut, fields, justify, render, sparkline, widthOf, type Line, type Span, type Style } from './text-layout.ts'

const LABEL_COLUMNS = 11
/** The rate that was and the rate that is. */
const SHOWN_RATES = 2
const MIN_BAR_COLUMNS = 8
const MAX_BAR_COLUMNS = 40
/** Columns that the figures next to a bar need. */
const FIGURES_COLUMNS = 46

const STANDING_MARKS: readonly [Standing, string, Style][] = [
  ['succeeded', '✓', 'green'],
  ['in_progress', '◷', 'cyan'],
  ['failed', '✗', 'red'],
  ['rejected', '⊘', 'red'],
  ['timed_out', '⊗', 'red'],
  ['canceled', '■', 'yellow'],
  ['queued', '…', 'dim'],
]

/** The live view: at most `height` lines of at most `width` columns. When there is no room, what matters least goes first. */
export function view(state: LiveState, width: number, height: number, color = false): string[] {
  const rollout = currentRollout(state)
  const rows: readonly (readonly [importance: number, line: Line])[] = [
    [2, fields([' '], header(state), width, ' · ')],
    [1, progressLine(state, rollout, width)],
    [6, []],
    [4, devices(state, width)],
    ...(rollout ? [[3, rolloutBar(rollout, width)] as const] : []),
    [0, fields(label('outcome'), outcome(state), width)],
    ...(rollout?.abort ? [[5, fields(label('abort'), abort(rollout.abort), width)] as const] : []),
    [8, fields(label('download'), download(state), width)],
    [7, fields(label('generator'), generator(state), width)],
    [9, fields(label('notified'), [[sparkline(rollout?.notifiedPerMinute ?? [], width - LABEL_COLUMNS - 13) || '-', ['dim', ' per minute']]], width)],
    ...(state.thresholds.length > 0 ? [[5, fields(label('thresholds'), state.thresholds.map(threshold(state)), width)] as const] : []),
    ...(state.last === undefined ? [] : [[10, cut([...label('last'), state.last], width)] as const]),
  ]
  const least = rows.map(([importance]) => importance).toSorted((a, b) => a - b)[height] ?? Infinity
  const kept = rows.filter(([importance]) => importance < least || rows.length <= height)
  return kept.slice(0, height).map(([, line]) => render(line, color))
}

/** One line for logs and pipes. */
export function plainLine(state: LiveState): string {
  const rollout = currentRollout(state)
  const marks = STANDING_MARKS.filter(([standing]) => state.outcomes[standing] > 0)
  const parts = [
    `${formatClock(state.simulatedMs)} ${state.scenario}`,
    `${formatCount(state.devices.online)}/${formatCount(state.devices.total)} online`,
    ...(rollout ? [`${rollout.title} ${rollout.status}`, `${formatCount(rollout.notified)}/${formatCount(rollout.targets)} notified`] : []),
    ...marks.map(([standing]) => `${formatCount(state.outcomes[standing])} ${words(standing)}`),
    state.healthReasons.length === 0 ? 'generator OK' : `generator: ${state.healthReasons[0]!}`,
  ]
  return parts.join(', ')
}

/** The rollout that runs; before the first the first, after the last the last. */
function currentRollout({ rollouts }: LiveState): LiveRollout | undefined {
  return rollouts.find(({ status }) => status === 'IN_PROGRESS') ?? rollouts.findLast(({ status }) => status !== 'PENDING') ?? rollouts[0]
}

function header(state: LiveState): Line[] {
  return [
    [['bold', `fleetsim ${state.fleetsim}`]],
    [state.scenario],
    [`seed ${state.seed}`],
    [`run ${state.runId}`],
    ...state.places.map((place) => [place]),
  ]
}

/** The clock stays when there is no room for the rest. */
function progressLine(state: LiveState, rollout: LiveRollout | undefined, width: number): Line {
  const line = [' ', ...progress(state, rollout)]
  const long = [clock(state), ' ']
  const short = [formatClock(state.simulatedMs), ' ']
  if (widthOf(line) + widthOf(long) + 2 <= width) return justify(line, long, width)
  return justify(cut(line, Math.max(0, width - widthOf(short) - 2)), short, width)
}

function progress(state: LiveState, rollout: LiveRollout | undefined): Line {
  if (!rollout) return ['no rollout']
  const number = state.rollouts.length > 1 ? ` ${state.rollouts.indexOf(rollout) + 1} of ${state.rollouts.length}` : ''
  const waiting = state.unsettled > 0 && state.rollouts.every(({ status }) => status !== 'IN_PROGRESS' && status !== 'PENDING')
  const status: Span = waiting ? ['yellow', `${rollout.status}, ${formatCount(state.unsettled)} still at work`] : ['bold', rollout.status]
  return [`rollout${number}  ${rollout.title}  `, status]
}

function clock(state: LiveState): string {
  const speed = state.speed === 'max' ? 'virtual time' : `×${state.speed}`
  return `${formatClock(state.simulatedMs)} (${speed}, ${formatDuration(Math.round(state.wallMs / 1000) * 1000)} wall)`
}

function devices({ devices: { online, total, connectP95Ms, refused } }: LiveState, width: number): Line {
  return fields(
    label('devices'),
    [
      [['green', bar(total === 0 ? 0 : online / total, barColumns(width))], `  ${formatCount(online)}/${formatCount(total)} online`],
      connectP95Ms === undefined ? [] : [`connect p95 ${formatDuration(connectP95Ms)}`],
      [refused > 0 ? ['yellow', `${formatCount(refused)} refused`] : '0 refused'],
    ].filter((field) => field.length > 0) as Line[],
    width,
  )
}

function rolloutBar(rollout: LiveRollout, width: number): Line {
  const share = rollout.targets === 0 ? 0 : rollout.notified / rollout.targets
  const rates: Line[] = rollout.ratesPerMinute.length === 0 ? [] : [[`rate ${formatRates(rollout.ratesPerMinute.slice(-SHOWN_RATES))}`]]
  const notified: Line = [['cyan', bar(share, barColumns(width))], `  ${formatCount(rollout.notified)}/${formatCount(rollout.targets)} notified`]
  return fields(label('rollout'), [notified, ...rates], width)
}

function outcome({ outcomes }: LiveState): Line[] {
  const marks = STANDING_MARKS.filter(([standing]) => outcomes[standing] > 0 || standing === 'succeeded')
  const [succeeded, ...others] = marks.map(([standing, mark, style]): Line => [
    [style, `${mark} ${formatCount(outcomes[standing])}`],
    ` ${words(standing)}`,
  ])
  const hurt: Line[] = outcomes.hurt === 0 ? [] : [[['red', `! ${formatCount(outcomes.hurt)}`], ' hurt']]
  return [succeeded!, ...hurt, ...others]
}

function abort({ failureType, limit, now }: NonNullable<LiveRollout['abort']>): Line[] {
  const actual: Span = now === undefined ? ['dim', 'too few executed yet'] : [now >= limit / 2 ? 'yellow' : 'dim', `now ${now.toFixed(1)} %`]
  return [[`at ${limit} % ${failureType}`], [actual]]
}

function download({ download: { bytes, bytesPerSecond, p50Ms, p95Ms, retries } }: LiveState): Line[] {
  const times: Line[] = p50Ms === undefined || p95Ms === undefined ? [] : [[`p50 ${formatDuration(p50Ms)}  p95 ${formatDuration(p95Ms)}`]]
  return [[`${formatSize(Math.round(bytesPerSecond))}/s`], [`${formatSize(bytes)} in all`], ...times, [`${formatCount(retries)} retries`]]
}

function generator({ workers, healthReasons, speed }: LiveState): Line[] {
  const verdict: Span = healthReasons.length === 0 ? ['green', 'OK'] : ['red', healthReasons[0]!]
  if (speed === 'max' || workers.length === 0) return [[verdict]]
  const worst = (of: (worker: (typeof workers)[number]) => number) => Math.max(...workers.map(of))
  return [
    [verdict],
    [`${workers.length} worker${workers.length === 1 ? '' : 's'}`],
    [`lag p99 ${formatDuration(worst(({ lagP99Ms }) => lagP99Ms))}`],
    [`slip p99 ${formatDuration(worst(({ slipP99Ms }) => slipP99Ms))}`],
    [`busy ${Math.round(worst(({ utilization }) => utilization) * 100)} %`],
  ]
}

/** While the run lasts, a threshold that is not met may still be. */
function threshold({ over }: LiveState): (threshold: LiveState['thresholds'][number]) => Line {
  return ({ ok, text, actualText }) => [ok ? ['green', '✓'] : over ? ['red', '✗'] : ['yellow', '○'], ` ${text} `, ['dim', `(${actualText})`]]
}

function label(text: string): Line {
  return [' ', ['dim', text.padEnd(LABEL_COLUMNS)]]
}

function barColumns(width: number): number {
  return Math.min(MAX_BAR_COLUMNS, Math.max(MIN_BAR_COLUMNS, width - LABEL_COLUMNS - FIGURES_COLUMNS))
}
