import type { Check } from '../../ports/faults.ts'
import { type Firmware, reboot } from '../firmware.ts'
import type { Job } from './job.ts'
import type { Service, ServiceEvent } from './service.ts'

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

export function hasHook({ config }: Service, hook: HookName): boolean {
  return config.hooks[hook] !== 'none'
}

/** Starts a hook that there is. What comes of it is found in the inbox. */
export function startHook(service: Service, hook: HookName, job: Job): void {
  const run: HookRun = { hook, job, retry: 0, dueAt: 0, startedAt: 0, isWaiting: false, isStopped: false, lines: 0 }
  service.hooks.push(run)
  call(service, run)
}

/** No further call follows; of the one that is under way, the end is still told. */
export function stopHook(service: Service, hook: HookName): void {
  for (const run of service.hooks.filter((one) => one.hook === hook)) {
    run.isStopped = true
    if (run.isWaiting) drop(service, run)
  }
}

/** Takes a hook on when its time has come: a line, an exit code, or another call. */
export function* goOn(service: Service, run: HookRun): Firmware {
  if (run.isWaiting) return callAgain(service, run)
  const { hook, job } = run
  const lines = linesOf(service, hook)
  if (run.lines < lines.length) {
    tell(service, run, 'output', lines[run.lines++])
    run.dueAt = nextDue(service, run)
    return
  }
  const code = exitCode(service, run)
  if (code === RETRY_LATER) {
    run.isWaiting = true
    run.dueAt = service.hardware.now() + service.config.hooks.retryInterval
    if (run.isStopped) drop(service, run)
    return
  }
  drop(service, run)
  if (code !== 0) return tell(service, run, 'failed', `Exit code: ${code}`)
  if (hook === 'install') install(service, job)
  if (hook === 'restart') yield* restart(service)
  tell(service, run, 'completed', hook === 'version' ? printedVersion(service) : lines.at(-1))
}

function call(service: Service, run: HookRun): void {
  run.isWaiting = false
  run.lines = 0
  run.startedAt = service.hardware.now()
  run.dueAt = nextDue(service, run)
}

function callAgain(service: Service, run: HookRun): void {
  const { retryInterval, maxRetries } = service.config.hooks
  if (++run.retry < maxRetries) return call(service, run)
  drop(service, run)
  tell(service, run, 'failed', `Timeout after ${(maxRetries * retryInterval) / 1000}s`)
}

/** Lines come evenly over the time of a call; its end is the last. */
function nextDue(service: Service, { hook, startedAt, lines }: HookRun): number {
  return startedAt + (optionsOf(service, hook).takes * (lines + 1)) / (linesOf(service, hook).length + 1)
}

function exitCode(service: Service, { hook, job, retry }: HookRun): number {
  const { exits } = optionsOf(service, hook)
  const scripted = exits[Math.min(retry, exits.length - 1)]!
  if (scripted !== 0) return scripted
  const check = CHECKS[hook]
  if (check && service.hardware.refusal(check) !== undefined) return 1
  return hook === 'install' && !isInstallable(service, job) ? 1 : 0
}

/** No command can install a file that is not there. */
function isInstallable({ hardware, config }: Service, job: Job): boolean {
  const file = hardware.flash.files.get(job.id)
  if (!file) return false
  const { install: options } = config.hooks
  if (options === 'none' || options.checks === 'nothing') return true
  return hardware.isGenuine({ version: String(job.version), bytes: file.bytes, crc32: file.crc32 })
}

function install({ hardware }: Service, job: Job): void {
  const { bytes, crc32 } = hardware.flash.files.get(job.id)!
  const version = String(job.version)
  hardware.flash.pending = { version, bytes, crc32 }
  hardware.emit({ type: 'flashed', version, bytes, crc32 })
}

function* restart({ hardware, config }: Service): Firmware {
  const { restart: options } = config.hooks
  if (options !== 'none' && options.reboots) yield* reboot(config.reboot)
  const { flash } = hardware
  flash.running = flash.pending ?? flash.running
  flash.pending = undefined
}

function printedVersion({ hardware, config }: Service): string {
  const { version } = config.hooks
  return (version === 'none' ? undefined : version.prints) ?? hardware.flash.running.version
}

function linesOf({ config }: Service, hook: HookName): readonly string[] {
  const { install: options } = config.hooks
  return hook === 'install' && options !== 'none' ? options.prints : []
}

function optionsOf({ config }: Service, hook: HookName): { readonly takes: number; readonly exits: readonly number[] } {
  const options = config.hooks[hook]
  if (options === 'none') throw new Error(`there is no ${hook} hook`)
  return options
}

function tell({ inbox }: Service, { hook }: HookRun, status: Extract<ServiceEvent, { type: 'hook' }>['status'], message: string | undefined): void {
  inbox.push({ type: 'hook', hook, status, message })
}

function drop({ hooks }: Service, run: HookRun): void {
  hooks.splice(hooks.indexOf(run), 1)
}
