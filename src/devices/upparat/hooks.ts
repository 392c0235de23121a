import type { Check } from '../../ports/faults.ts'
import { type Firmware, reboot } from '../firmware.ts'
import type { Job } from './job.ts'
import type { Daemon, DaemonEvent } from './daemon.ts'

export type HookName = 'version' | 'download' | 'install' | 'restart' | 'ready'

const RETRY_LATER = 3

/** What the hardware is asked at the end of a hook: a fault of the scenario makes it fail. */
const CHECKS: Readonly<Partial<Record<HookName, Check>>> = { download: 'admission', install: 'install', ready: 'self-test' }

/** A command that runs in a thread of its own. Whoever leaves its state tells it to stop, but a call that has begun goes on to its end. */
export interface HookRun {
  readonly hook: HookName
  readonly job: Job
  /** Calls that said to try again. */
  retry: number
  /** When its next line, its end, or its next call is due. */
  dueAt: number
  startedAt: number
  isWaiting: boolean
  isStopped: boolean
  /** Lines of output that came in this call. */
  lines: number
}

export function hasHook({ config }: Daemon, hook: HookName): boolean {
  return config.hooks[hook] !== 'none'
}

/** Starts a hook that there is. What comes of it is found in the inbox. */
export function startHook(daemon: Daemon, hook: HookName, job: Job): void {
  const run: HookRun = { hook, job, retry: 0, dueAt: 0, startedAt: 0, isWaiting: false, isStopped: false, lines: 0 }
  daemon.hooks.push(run)
  call(daemon, run)
}

/** No further call follows; of the one that is under way, the end is still told. */
export function stopHook(daemon: Daemon, hook: HookName): void {
  for (const run of daemon.hooks.filter((one) => one.hook === hook)) {
    run.isStopped = true
    if (run.isWaiting) drop(daemon, run)
  }
}

/** Takes a hook on when its time has come: a line, an exit code, or another call. */
export function* goOn(daemon: Daemon, run: HookRun): Firmware {
  if (run.isWaiting) return callAgain(daemon, run)
  const { hook, job } = run
  const lines = linesOf(daemon, hook)
  if (run.lines < lines.length) {
    tell(daemon, run, 'output', lines[run.lines++])
    run.dueAt = nextDue(daemon, run)
    return
  }
  const code = exitCode(daemon, run)
  if (code === RETRY_LATER) {
    run.isWaiting = true
    run.dueAt = daemon.hardware.now() + daemon.config.hooks.retryInterval
    if (run.isStopped) drop(daemon, run)
    return
  }
  drop(daemon, run)
  if (code !== 0) return tell(daemon, run, 'failed', `Exit code: ${code}`)
  if (hook === 'install') install(daemon, job)
  if (hook === 'restart') yield* restart(daemon)
  tell(daemon, run, 'completed', hook === 'version' ? printedVersion(daemon) : lines.at(-1))
}

function call(daemon: Daemon, run: HookRun): void {
  run.isWaiting = false
  run.lines = 0
  run.startedAt = daemon.hardware.now()
  run.dueAt = nextDue(daemon, run)
}

function callAgain(daemon: Daemon, run: HookRun): void {
  const { retryInterval, maxRetries } = daemon.config.hooks
  if (++run.retry < maxRetries) return call(daemon, run)
  drop(daemon, run)
  tell(daemon, run, 'failed', `Timeout after ${(maxRetries * retryInterval) / 1000}s`)
}

/** Lines come evenly over the time of a call; its end is the last. */
function nextDue(daemon: Daemon, { hook, startedAt, lines }: HookRun): number {
  return startedAt + (optionsOf(daemon, hook).takes * (lines + 1)) / (linesOf(daemon, hook).length + 1)
}

function exitCode(daemon: Daemon, { hook, job, retry }: HookRun): number {
  const { exits } = optionsOf(daemon, hook)
  const scripted = exits[Math.min(retry, exits.length - 1)]!
  if (scripted !== 0) return scripted
  const check = CHECKS[hook]
  if (check && daemon.hardware.refusal(check) !== undefined) return 1
  return hook === 'install' && !isInstallable(daemon, job) ? 1 : 0
}

/** No command can install a file that is not there. */
function isInstallable({ hardware, config }: Daemon, job: Job): boolean {
  const file = hardware.flash.files.get(job.id)
  if (!file) return false
  const { install: options } = config.hooks
  if (options === 'none' || options.checks === 'nothing') return true
  return hardware.isGenuine({ version: String(job.version), bytes: file.bytes, crc32: file.crc32 })
}

function install({ hardware }: Daemon, job: Job): void {
  const { bytes, crc32 } = hardware.flash.files.get(job.id)!
  const version = String(job.version)
  hardware.flash.pending = { version, bytes, crc32 }
  hardware.emit({ type: 'flashed', version, bytes, crc32 })
}

function* restart({ hardware, config }: Daemon): Firmware {
  const { restart: options } = config.hooks
  if (options !== 'none' && options.reboots) yield* reboot(config.reboot)
  const { flash } = hardware
  flash.running = flash.pending ?? flash.running
  flash.pending = undefined
}

function printedVersion({ hardware, config }: Daemon): string {
  const { version } = config.hooks
  return (version === 'none' ? undefined : version.prints) ?? hardware.flash.running.version
}

function linesOf({ config }: Daemon, hook: HookName): readonly string[] {
  const { install: options } = config.hooks
  return hook === 'install' && options !== 'none' ? options.prints : []
}

function optionsOf({ config }: Daemon, hook: HookName): { readonly takes: number; readonly exits: readonly number[] } {
  const options = config.hooks[hook]
  if (options === 'none') throw new Error(`there is no ${hook} hook`)
  return options
}

function tell({ inbox }: Daemon, { hook }: HookRun, status: Extract<DaemonEvent, { type: 'hook' }>['status'], message: string | undefined): void {
  inbox.push({ type: 'hook', hook, status, message })
}

function drop({ hooks }: Daemon, run: HookRun): void {
  hooks.splice(hooks.indexOf(run), 1)
}
