import { writeSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

/** Preloaded into a measured process: writes the most memory that it ever had, in KiB, to file descriptor 3 when it ends. */
if (isMainThread) process.on('exit', () => writeSync(3, String(process.resourceUsage().maxRSS)))
