import { appendFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

/**
 * Preloaded into a measured program: when a process of it ends it adds a line to the file that BENCH_USAGE names, with the most memory that it ever had,
 * in KiB, and its processor time.
 */
if (isMainThread)
  process.on('exit', () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
    appendFileSync(process.env['BENCH_USAGE'], `${JSON.stringify({ peakKiB: maxRSS, cpuMicros: userCPUTime + systemCPUTime })}\n`)
  })
