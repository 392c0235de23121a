import { writeSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

/** Preloaded into a measured process: when it ends it writes the most memory that it ever had, in KiB, and its processor time to file descriptor 3. */
if (isMainThread)
  process.on('exit', () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
    writeSync(3, JSON.stringify({ peakKiB: maxRSS, cpuMicros: userCPUTime + systemCPUTime }))
  })
