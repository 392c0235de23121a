/** The topics that devices ask on (§1.1), taken apart without a list of segments: this is the hot path. */

export interface JobsTopic {
  readonly thing: string
  /** A job id, or `$next`; empty where the topic names none. */
  readonly jobId: string
  /** AWS's name of the operation; undefined when the topic names none. */
  readonly operation: JobsOperation | undefined
}

export type JobsOperation = 'GetPendingJobExecutions' | 'StartNextPendingJobExecution' | 'DescribeJobExecution' | 'UpdateJobExecution'

const THINGS = '$aws/things/'
const JOBS = '/jobs/'

/** Undefined when the topic is none of the jobs namespace, or one that only the service publishes to. */
export function parseJobsTopic(topic: string): JobsTopic | undefined {
  if (!topic.startsWith(THINGS)) return undefined
  const thingEnd = topic.indexOf('/', THINGS.length)
  if (thingEnd < 0 || !topic.startsWith(JOBS, thingEnd)) return undefined
  const from = thingEnd + JOBS.length
  const wordAt = topic.lastIndexOf('/') + 1
  const word = topic.slice(wordAt)
  if (isServiceWord(word)) return undefined
  const thing = topic.slice(THINGS.length, thingEnd)
  if (wordAt === from) return { thing, jobId: '', operation: operationOfThing(word) }
  const jobId = topic.slice(from, wordAt - 1)
  return { thing, jobId, operation: jobId.includes('/') ? undefined : operationOfJob(word) }
}

/** The number of segments decides, so that a job may be called `get` or `update`. */
function operationOfThing(word: string): JobsOperation | undefined {
  if (word === 'get') return 'GetPendingJobExecutions'
  return word === 'start-next' ? 'StartNextPendingJobExecution' : undefined
}

function operationOfJob(word: string): JobsOperation | undefined {
  if (word === 'get') return 'DescribeJobExecution'
  return word === 'update' ? 'UpdateJobExecution' : undefined
}

function isServiceWord(word: string): boolean {
  return word === 'accepted' || word === 'rejected' || word === 'notify' || word === 'notify-next'
}
