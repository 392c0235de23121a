import { setFlagsFromString } from 'node:v8'
import { UserError } from '../errors.ts'
import { formatSize } from '../units.ts'
import type { Machine } from './machine.ts'

/** Of a tracker in virtual time: a million of them take 3.5 GB (docs/benchmarks.md). Other kinds take more. */
const BYTES_PER_DEVICE = 3500
const BYTES_OF_PROGRAM = 100 * 1024 ** 2
/** A larger heap wants other settings than Node's, which end at 4 GiB and look through the heap for every 16 MiB of new objects. */
const ORDINARY_HEAP_BYTES = 1024 ** 3 / 2
/** For new objects, MiB. A million devices are a fifth faster with 64 than with V8's 16; 256 is hardly any faster. */
const SEMI_SPACE_MIB = 64
/** V8's own. */
const ORDINARY_SEMI_SPACE_MIB = 16
const SEMI_SPACE_FLAG = '--max-semi-space-size='
/** Of the memory that is free: the rest is for all that is not heap. */
const HEAP_SHARE = 0.9

const SETUP_FAILED = 100

/**
 * The settings of V8 that a fleet in virtual time needs; none when those that the process has will do: Node's, or some that it was given (`execArgv`).
 * UserError 100 when the machine has not got the memory, with the numbers, and what to do about it.
 */
export function heapFlags(devices: number, { freeBytes }: Pick<Machine, 'freeBytes'>, execArgv: readonly string[]): readonly string[] {
  if (execArgv.some((flag) => flag.startsWith(SEMI_SPACE_FLAG))) return []
  const bytes = BYTES_OF_PROGRAM + devices * BYTES_PER_DEVICE
  if (bytes > freeBytes) throw refusal(devices, bytes, freeBytes)
  if (bytes < ORDINARY_HEAP_BYTES) return []
  return [`${SEMI_SPACE_FLAG}${SEMI_SPACE_MIB}`, `--max-old-space-size=${Math.floor((HEAP_SHARE * freeBytes) / 1024 ** 2)}`]
}

/** To be called before the run starts threads: the room for new objects is for this one. That of the journal would take another 120 MB. */
export function keepHeapOfThreadsOrdinary(): void {
  setFlagsFromString(`${SEMI_SPACE_FLAG}${ORDINARY_SEMI_SPACE_MIB}`)
}

function refusal(devices: number, bytes: number, freeBytes: number): UserError {
  return new UserError(
    `the fleet does not fit on this machine: ${devices.toLocaleString('en')} devices in virtual time take at least ${formatSize(bytes)} of memory; ` +
      `${formatSize(freeBytes)} are free. Nothing was started: give the fleet fewer devices`,
    SETUP_FAILED,
  )
}
