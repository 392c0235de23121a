import { FAULTS } from '../../src/faults/all.ts'
import { EXECUTION_STATUSES, PHASES } from '../../src/ports/events.ts'
import type { DeviceKind } from '../../src/ports/fleet.ts'
import { scenarioReference } from '../../src/scenario/reference.ts'
import type { JournalLine } from '../scenarios/recorded-run.ts'

/** A page of docs/devices: what it shows the states of, and which fields of a group are its parameters. */
export interface Page {
  readonly shows: readonly Shown[]
  readonly fields: { readonly section: string; readonly has: (field: string) => boolean }
}

interface Shown {
  readonly kind: DeviceKind
  /** Where a page shows more than one kind. */
  readonly heading?: string
  /** The group as a scenario says it, and what is rolled out to it. */
  readonly tour: Tour
  readonly group: 'them' | 'them-gateways'
}

interface Tour {
  readonly fleet: object
  readonly rollouts: readonly object[]
}

const common = { firmware: '1.0.0', link: 'wifi', connect: { over: '10s' } }
const jobs = (fields: object = {}) => [
  {
    at: '1m',
    job: { targets: ['them'], image: 'app', timeoutConfig: { inProgressTimeoutInMinutes: 30 }, ...fields },
    cancel: { at: '2h', force: true },
  },
]
const gators = { kind: 'data-gator', count: 120, gateways: 60, tick: '10s', otaPeriod: 6, ...common }
const gatorTour = {
  fleet: gators,
  rollouts: [{ at: '1m', firmwareImage: { targets: ['them'], image: 'app', gatewaysPerMinute: 600, deadline: '1h' } }],
}
const lights = { kind: 'olt-gateway', count: 120, gateways: 60, ...common }
const lightTour = {
  fleet: lights,
  rollouts: [{ at: '1m', oltInstallation: { targets: ['them'], image: 'app', slot: 'firmware', perMinute: 600, deadline: '2h' } }],
}

/** By the name of the page. */
export const PAGES: Readonly<Record<string, Page>> = {
  tracker: {
    shows: [{ kind: 'tracker', tour: { fleet: { kind: 'tracker', count: 120, ...common }, rollouts: jobs() }, group: 'them' }],
    fields: { section: 'tracker', has: () => true },
  },
  'data-gator': {
    shows: [{ kind: 'data-gator', tour: gatorTour, group: 'them' }],
    fields: { section: 'data-gator', has: (field) => !field.startsWith('gateway.') },
  },
  'scarecro-gateway': {
    shows: [{ kind: 'scarecro-gateway', tour: gatorTour, group: 'them-gateways' }],
    fields: { section: 'data-gator', has: (field) => field.startsWith('gateway') },
  },
  'olt-gateway': {
    shows: [
      { kind: 'olt-gateway', heading: 'The gateway', tour: lightTour, group: 'them-gateways' },
      { kind: 'olt-device', heading: 'A device behind it', tour: lightTour, group: 'them' },
    ],
    fields: { section: 'olt-gateway', has: () => true },
  },
  'freertos-ota': {
    shows: [
      {
        kind: 'freertos-ota',
        tour: {
          fleet: { kind: 'freertos-ota', count: 120, ...common },
          rollouts: [
            {
              at: '1m',
              otaUpdate: { targets: ['them'], image: 'app', awsJobTimeoutConfig: { inProgressTimeoutInMinutes: 30 } },
              cancel: { at: '2h', force: true },
            },
          ],
        },
        group: 'them',
      },
    ],
    fields: { section: 'freertos-ota', has: () => true },
  },
  upparat: {
    shows: [
      {
        kind: 'upparat',
        tour: { fleet: { kind: 'upparat', count: 120, ...common, hooks: { install: { takes: '5s', checks: 'signature' } } }, rollouts: jobs() },
        group: 'them',
      },
    ],
    fields: { section: 'upparat', has: () => true },
  },
}

/** After these a program does nothing that it would not do anyway, or nothing at all. */
const SAY_NOTHING = ['late-start', 'hang', 'vanish']

/** A scenario, as YAML, in which everything befalls some of the devices that can befall them. */
export function tourScenario({ kind, tour, group }: Shown): string {
  const those = (fault: string, during: string) => ({ devices: `2 of ${group}`, do: fault, during })
  const faults = FAULTS.filter(({ name, kinds }) => !SAY_NOTHING.includes(name) && (kinds?.includes(kind) ?? true)).flatMap(({ name, phases }) =>
    (name === 'power-loss' ? PHASES.filter((phase) => phases.includes(phase)) : phases.slice(0, 1)).map((phase) => those(name, phase)),
  )
  const scenario = {
    name: `states-of-${kind}`,
    seed: 1,
    time: { speed: 'max', limit: '8h', drain: '1h' },
    fleet: { them: tour.fleet },
    images: { app: { version: '1.0.1', size: '64KiB' } },
    rollouts: tour.rollouts,
    faults,
  }
  // JSON is YAML.
  return JSON.stringify(scenario)
}

/** What devices of one group did, as a mermaid diagram: their phases, and what led from one to the next. `of` says which devices. */
export function stateDiagram(journal: readonly JournalLine[], of: (device: number) => boolean): string {
  const edges = new Map<string, Set<string>>()
  const walkers = new Map<number, Walker>()
  for (const line of journal) {
    if (typeof line.device !== 'number' || line.type === 'execution' || !of(line.device)) continue
    let walker = walkers.get(line.device)
    if (!walker) walkers.set(line.device, (walker = { state: START, why: [] }))
    step(walker, line, (from, to, why) => {
      const key = `${from} --> ${to}`
      edges.set(key, (edges.get(key) ?? new Set()).add(why))
    })
  }
  const lines = [...edges]
    .toSorted(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b))
    .flatMap(([edge, whys]) => labelsOf(whys).map((label) => `    ${edge}${label}`))
  const names = lines.some((line) => line.includes('self_test')) ? ['    state "self-test" as self_test'] : []
  return ['```mermaid', 'stateDiagram-v2', ...names, ...lines, '```'].join('\n')
}

const START = '[*]'
const ORDER = [START, 'connect', 'waiting', 'pickup', 'download', 'install', 'reboot', 'self_test']

interface Walker {
  state: string
  /** What happened since that state began. */
  why: string[]
}

function step(walker: Walker, line: JournalLine, go: (from: string, to: string, why: string) => void): void {
  const to = (state: string) => {
    go(walker.state, state, walker.why.join(', '))
    walker.state = state
    walker.why = []
  }
  switch (line.type) {
    case 'booted':
      if (line['boots'] !== 1 && walker.state !== 'reboot') walker.why.push('restart')
      return
    case 'phase':
      return to(String(line['phase']).replace('-', '_'))
    case 'download-failed':
      walker.why.push('download failed')
      return
    case 'reported':
      walker.why.push(line['accepted'] === true ? String(line['status']) : `${String(line['status'])} refused`)
      return
    case 'rolled-back':
      walker.why.push('old image back')
      return
    case 'bricked':
      walker.why.push('bricked')
      return to(START)
    case 'settled':
      // A device that has found nothing to do is as connected as before.
      if (walker.state === 'connect' && !walker.why.some((why) => EXECUTION_STATUSES.some((status) => why.startsWith(status)))) walker.why = []
      else if (walker.state !== 'waiting' && walker.state !== START) to('waiting')
  }
}

/** Without a word, and with what was said: two arrows. */
function labelsOf(whys: ReadonlySet<string>): string[] {
  const said = [...whys].filter((why) => why !== '').toSorted()
  return [...(whys.has('') ? [''] : []), ...(said.length === 0 ? [] : [`: ${said.join(' / ')}`])]
}

function rank(edge: string): number {
  const [from, to] = edge.split(' --> ')
  return ORDER.indexOf(from!) * ORDER.length + ORDER.indexOf(to!)
}

/** The rows of docs/scenario.md that are the parameters of a page. */
export function parameterTable({ section, has }: Page['fields']): string {
  const [, after = ''] = scenarioReference().split(`## fleet: ${section}\n`)
  const rows = after
    .split('\n## ')[0]!
    .split('\n')
    .filter((row) => row.startsWith('|'))
  return rows.filter((row, i) => i < 2 || has(/`([^`]+)`/.exec(row)![1]!)).join('\n')
}

/** The page with what is between two marks written anew. */
export function withBetween(page: string, mark: string, text: string): string {
  const [open, close] = [`<!-- ${mark} -->`, `<!-- /${mark} -->`]
  const [from, to] = [page.indexOf(open), page.indexOf(close)]
  if (from < 0 || to < from) throw new Error(`the page has no ${open} … ${close}`)
  return `${page.slice(0, from + open.length)}\n\n${text}\n\n${page.slice(to)}`
}
