import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const MAIN = join(ROOT, 'dist/main.js')
const SCENARIO = join(ROOT, 'scenarios/exponential.yaml')

/** Wall-clock milliseconds from the start of the process, medians over `starts` of each: what a user waits for. Node's own start is the floor. */
export async function benchStart(starts) {
  const directory = mkdtempSync(join(tmpdir(), 'fleetsim-bench-'))
  const run = [MAIN, 'run', SCENARIO, '--metrics-port', '0', '--results-dir', directory]
  try {
    return {
      bench: 'start',
      starts,
      nodeAloneMs: await median(starts, () => untilEnd(['--eval', '0'])),
      helpMs: await median(starts, () => untilEnd([MAIN, '--help'])),
      validateMs: await median(starts, () => untilEnd([MAIN, 'validate', SCENARIO])),
      runFirstOutputMs: await median(starts, () => untilFirstOutput(run)),
    }
  } finally {
    rmSync(directory, { recursive: true })
  }
}

async function median(times, measure) {
  const values = []
  for (let time = 0; time < times; time++) values.push(await measure())
  return values.sort((a, b) => a - b)[Math.floor(times / 2)]
}

async function untilEnd(args) {
  const startMs = performance.now()
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  const code = await new Promise((resolve) => child.on('exit', resolve))
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code}`)
  return performance.now() - startMs
}

async function untilFirstOutput(args) {
  const startMs = performance.now()
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise((resolve) => child.on('exit', resolve))
  await Promise.race([
    new Promise((resolve) => child.stdout.once('data', resolve)),
    ended.then((code) => Promise.reject(new Error(`ended with ${code}`))),
  ])
  const ms = performance.now() - startMs
  child.kill('SIGKILL')
  await ended
  return ms
}
