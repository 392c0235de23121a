import type { CloudRequest } from '../ports/cloud-requests.ts'
import type { MetricsContext } from './labels.ts'

/** Series beyond this many are counted under the operation and code `other`: a peer that makes up names must not fill the memory. */
const MAX_SERIES = 1000

const OTHER = 'other'

/** What the jobs data plane may answer a device. Begun at zero, for a rate can't see the first error of a series that begins with it. */
const JOBS_DATA_CODES = [
  'InvalidTopic',
  'InvalidJson',
  'InvalidRequest',
  'InvalidStateTransition',
  'ResourceNotFound',
  'VersionMismatch',
  'InternalError',
  'RequestThrottled',
  'TerminalStateReached',
]

export interface RequestCount {
  readonly labels: { readonly service: string; readonly operation: string; readonly code: string }
  count: number
}

/** Requests to the embedded cloud by service, operation and code. Known operations begin at zero, and so do the errors that devices may get. */
export class CloudRequests {
  readonly counts: RequestCount[] = []
  /** Service, operation, code: three look-ups cost less than one joined key. */
  private readonly byService = new Map<string, Map<string, Map<string, RequestCount>>>()

  constructor(operations: MetricsContext['operations'] = []) {
    for (const { service, name } of operations) {
      this.series(service, name, 'ok')
      if (service === 'iot-jobs-data') for (const code of JOBS_DATA_CODES) this.series(service, name, code)
    }
  }

  add({ service, operation, code }: CloudRequest): void {
    const known = this.byService.get(service)?.get(operation)?.get(code)
    if (known) known.count++
    else this.series(service, ...(this.counts.length < MAX_SERIES ? ([operation, code] as const) : ([OTHER, OTHER] as const))).count++
  }

  private series(service: string, operation: string, code: string): RequestCount {
    const codes = entry(entry(this.byService, service, newMap), operation, newMap) as Map<string, RequestCount>
    return entry(codes, code, () => {
      const count = { labels: { service, operation, code }, count: 0 }
      this.counts.push(count)
      return count
    })
  }
}

const newMap = () => new Map()

function entry<Value>(map: Map<string, Value>, key: string, create: () => Value): Value {
  const known = map.get(key)
  if (known !== undefined) return known
  const created = create()
  map.set(key, created)
  return created
}
