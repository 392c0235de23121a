import type { Operation } from '../http/operation.ts'
import { controlExecution } from './control-shapes.ts'
import { executionOf, scopeOf, wholeNumber } from './lookup.ts'

/** The execution with a number, or the latest; terminal ones as well, unlike on the device plane. */
export const describeJobExecution: Operation = {
  service: 'iot',
  name: 'DescribeJobExecution',
  method: 'GET',
  path: '/things/{thingName}/jobs/{jobId}',
  run(cloud, request) {
    const number = request.query.get('executionNumber')
    const execution = executionOf(cloud, request, number === null ? undefined : wholeNumber(number, 'executionNumber'))
    return { execution: controlExecution(scopeOf(cloud, request), execution, cloud) }
  },
}
