import { expect, test } from 'vitest'
import type { Operation } from '../../../src/cloud/http/operation.ts'
import { Router } from '../../../src/cloud/http/router.ts'

const operation = (service: Operation['service'], method: Operation['method'], path: string): Operation => ({
  service,
  method,
  path,
  name: `${service} ${method} ${path}`,
  run: () => ({}),
})

const router = new Router([
  operation('iot', 'GET', '/things/{thingName}/jobs'),
  operation('iot', 'POST', '/attached-policies/{target}'),
  operation('iot', 'PUT', '/thing-groups/addThingToThingGroup'),
  operation('iot', 'PUT', '/thing-groups/{thingGroupName}'),
  operation('iot', 'GET', '/thing-groups/{thingGroupName}/things'),
  operation('iot-jobs-data', 'GET', '/things/{thingName}/jobs'),
  operation('iot-jobs-data', 'PUT', '/things/{thingName}/jobs/$next'),
  operation('iot-jobs-data', 'GET', '/things/{thingName}/jobs/{jobId}'),
  operation('iotdata', 'POST', '/topics/{topic+}'),
])

const found: [string, Operation['service'], string, string, string, Record<string, string>][] = [
  ['the service decides between equal paths', 'iot', 'GET', '/things/t1/jobs', '/things/{thingName}/jobs', { thingName: 't1' }],
  ['and the other service too', 'iot-jobs-data', 'GET', '/things/t1/jobs', '/things/{thingName}/jobs', { thingName: 't1' }],
  ['a literal $next', 'iot-jobs-data', 'PUT', '/things/t1/jobs/$next', '/things/{thingName}/jobs/$next', { thingName: 't1' }],
  ['an encoded $next', 'iot-jobs-data', 'PUT', '/things/t1/jobs/%24next', '/things/{thingName}/jobs/$next', { thingName: 't1' }],
  ['a label that is $next', 'iot-jobs-data', 'GET', '/things/t/jobs/%24next', '/things/{thingName}/jobs/{jobId}', { thingName: 't', jobId: '$next' }],
  ['a colon in a name', 'iot', 'GET', '/things/a%3Ab/jobs', '/things/{thingName}/jobs', { thingName: 'a:b' }],
  ['an ARN in one label', 'iot', 'POST', '/attached-policies/arn%3Aaws%3Acert%2Fabc', '/attached-policies/{target}', { target: 'arn:aws:cert/abc' }],
  ['a literal before a label', 'iot', 'PUT', '/thing-groups/addThingToThingGroup', '/thing-groups/addThingToThingGroup', {}],
  ['the label otherwise', 'iot', 'PUT', '/thing-groups/g', '/thing-groups/{thingGroupName}', { thingGroupName: 'g' }],
  ['a topic with encoded slashes', 'iotdata', 'POST', '/topics/a%2Fb', '/topics/{topic+}', { topic: 'a/b' }],
  ['a topic with plain slashes', 'iotdata', 'POST', '/topics/a/b', '/topics/{topic+}', { topic: 'a/b' }],
]

test.each(found)('%s', (_, service, method, path, expected, params) => {
  expect(router.find(service, method, path)).toMatchObject({ operation: { service, method, path: expected }, params })
})

test.each([
  ['another method', 'iot', 'DELETE', '/things/t1/jobs'],
  ['a path that goes on', 'iot', 'GET', '/things/t1/jobs/j1/more'],
  ['a path that ends early', 'iot', 'GET', '/things/t1'],
  ['an empty label', 'iot', 'GET', '/things//jobs'],
  ['another service', 'iotdata', 'GET', '/things/t1/jobs'],
  ['broken encoding', 'iot', 'GET', '/things/%zz/jobs'],
] as const)('nothing is found for %s', (_, service, method, path) => {
  expect(router.find(service, method, path)).toBeUndefined()
})

test('two operations on one path are a mistake in the tables', () => {
  const twice = [operation('iot', 'GET', '/things'), operation('iot', 'GET', '/things')]
  expect(() => new Router(twice)).toThrow('the same method and path')
})
