import { measureRun } from './measure.mjs'
import { residentBytesOfTree } from './process-tree.mjs'

const SCENARIO = 'bench/soak.yaml'
const LOOK_MS = 250
/** Of the run: what programs take once they have seen everything for the first time. */
const WARM_UP = 1 / 3

/**
 * A long run over sockets with storms of reconnects: memory of all processes after the warm-up, at its beginning and at its end (means of a tenth of the run each),
 * and what was lost.
 */
export async function benchSoak(devices, speed) {
  const looks = []
  const startedMs = performance.now()
  const { summary } = await measureRun(SCENARIO, ['--speed', speed, '--metrics-port', '0', '--set', `fleet.trackers.count=${devices}`], {
    look: (pid) => looks.push({ seconds: (performance.now() - startedMs) / 1000, ...residentBytesOfTree(pid) }),
    lookMs: LOOK_MS,
  })
  const { run, verdict, outcomes } = summary
  const afterWarmUp = looks.slice(Math.floor(looks.length * WARM_UP), -Math.ceil(looks.length / 20))
  const tenth = Math.ceil(looks.length / 10)
  const [first, last] = [mean(afterWarmUp.slice(0, tenth)), mean(afterWarmUp.slice(-tenth))]
  return {
    bench: 'soak',
    devices,
    wallSeconds: run.wallSeconds,
    processes: Math.max(...looks.map(({ processes }) => processes)),
    afterWarmUpMiB: first / 2 ** 20,
    atEndMiB: last / 2 ** 20,
    growthPercent: (100 * (last - first)) / first,
    succeeded: outcomes.all.succeeded,
    lost: devices - outcomes.all.succeeded,
    generatorKeptUp: verdict.trusted,
    looks: looks.map(({ seconds, bytes }) => [Math.round(seconds), Math.round(bytes / 2 ** 20)]),
  }
}

function mean(looks) {
  return looks.reduce((sum, { bytes }) => sum + bytes, 0) / Math.max(1, looks.length)
}
