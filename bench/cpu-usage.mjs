import { isMainThread } from 'node:worker_threads'

/** Preloaded into a measured process: tells its parent how much processor time it took, whenever it asks. */
if (isMainThread && process.send) {
  process.on('message', () => process.send(process.cpuUsage()))
  process.channel.unref()
}
