import type { WorkerTask } from './worker-protocol.ts'

/**
 * What a worker thread is started with: CommonJS, so that piscina's `require` of it does nothing but this. A thread that is ended while `require` links
 * ECMAScript modules takes the whole process with it (seen with Node 20.20: abort in v8::Module::IsGraphAsync); one that is ended in `import` does not.
 */
const worker = import('./worker.ts')
// Told to who waits for a task.
worker.catch(() => {})

module.exports = async (task: WorkerTask): Promise<void> => (await worker).default(task)
