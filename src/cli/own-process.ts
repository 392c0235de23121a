import { spawn } from 'node:child_process'
import { constants } from 'node:os'

const FORWARDED: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGWINCH']

/**
 * Runs this program once more, as `node <flags> <args>`, in this one's place: same terminal, same folder, same environment. Signals that this process gets
 * go on to the other, which ends with this one, however that ends. Returns its exit code.
 */
export function inProcessOfItsOwn(flags: readonly string[], args: readonly string[]): Promise<number> {
  // A group of its own, so that Ctrl-C reaches it once, by the way of this process.
  const child = spawn(process.execPath, [...process.execArgv, ...flags, ...args], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], detached: true })
  for (const signal of FORWARDED) process.on(signal, () => child.kill(signal))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal!]))
  })
}

/** To be called by the other process: ends it when the first one has ended. */
export function endWithFirstProcess(): void {
  const end = () => process.exit(128 + constants.signals.SIGHUP)
  // It may have ended while this one was starting.
  if (process.connected === false) end()
  process.once('disconnect', end)
  // What the first one might say is no reason to stay.
  process.channel?.unref()
}
