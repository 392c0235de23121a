import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const MAIN = join(ROOT, 'dist/main.js')
const RESOURCE_USAGE = new URL('resource-usage.mjs', import.meta.url).href

/**
 * One run of the built program in a process of its own: its summary, the wall-clock seconds of the whole process, its processor time and the most memory that
 * it had (with that of a process which it runs in its place). Throws, with what the run printed, when it ended with anything but 0. `look`, if given, is called with the process's id every `lookMs`;
 * `openFiles` is how many files the process may open, if not as many as this one.
 */
export async function measureRun(scenario, flags, { look, lookMs = 1_000, openFiles } = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'fleetsim-bench-'))
  const out = join(directory, 'summary.json')
  const usage = join(directory, 'usage.ndjson')
  const command = [
    ...(openFiles === undefined ? [] : ['sh', '-c', `ulimit -n ${openFiles}; exec "$0" "$@"`]),
    process.execPath,
    '--import',
    RESOURCE_USAGE,
    MAIN,
    'run',
    resolve(ROOT, scenario),
    '--quiet',
    '--results-dir',
    directory,
    '--out',
    `json=${out}`,
    ...flags,
  ]
  try {
    const startedMs = performance.now()
    const [program, ...args] = command
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, BENCH_USAGE: usage } })
    const looking = look && setInterval(() => look(child.pid), lookMs)
    const [printed, errors] = await Promise.all([child.stdout, child.stderr].map(textOf))
    const code = child.exitCode ?? (await new Promise((resolve) => child.on('exit', resolve)))
    clearInterval(looking)
    const seconds = (performance.now() - startedMs) / 1000
    if (code !== 0) throw new Error(`${scenario} ended with ${code}:\n${printed}${errors}`)
    return { summary: JSON.parse(readFileSync(out, 'utf8')), seconds, ...sumOf(readFileSync(usage, 'utf8')) }
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/** A large fleet in virtual time has two processes: a small one that waits for the other. */
function sumOf(usage) {
  const processes = usage
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const sum = (figure) => processes.reduce((total, process) => total + process[figure], 0)
  return { cpuMicros: sum('cpuMicros'), peakBytes: sum('peakKiB') * 1024 }
}

async function textOf(stream) {
  let text = ''
  for await (const chunk of stream) text += chunk
  return text
}
