import { fc } from '@fast-check/vitest'
import { XMLParser } from 'fast-xml-parser'
import { describe, expect, test } from 'vitest'
import { VirtualClock } from '../../src/clock/virtual.ts'
import { Cloud } from '../../src/cloud/cloud.ts'
import type { DoorRequest, DoorResponse } from '../../src/cloud/http/door.ts'
import { operations } from '../../src/cloud/http/operations.ts'
import { anyRequest, BUCKET, CREDENTIALS, GROUP, JOB, NOW_MS, restRequest, signed, THING } from './requests.ts'

/** Never a crash, never a hang, always an error that AWS's clients can read. */

const CASES_OF_AN_OPERATION = 200
const CASES_OF_S3 = 8000
const CASES_UNSIGNED = 4000
/** Far above what any answer may take. */
const SLOWEST_MS = 3000
/** For all cases of a test, on a machine that has other things to do. */
const PATIENCE_MS = 180_000
/** Makes an RSA key, which takes its time. */
const SLOW = { name: 'CreateKeysAndCertificate', cases: 8, slowestMs: 10_000 }
const SERVICES = ['iot', 'execute-api', 'iot-jobs-data', 'iotdata', 'nobody']

describe('REST', { timeout: PATIENCE_MS }, () => {
  test.each(operations)(`${CASES_OF_AN_OPERATION} odd requests to $service $name`, ({ service, name, method, path }) => {
    const cloud = populated()
    const [cases, slowestMs] = name === SLOW.name ? [SLOW.cases, SLOW.slowestMs] : [CASES_OF_AN_OPERATION, SLOWEST_MS]
    fc.assert(
      fc.property(restRequest(method, path), (request) => checkJson(answer(cloud, signed(request, service), slowestMs))),
      { numRuns: cases },
    )
    expect(answer(cloud, signed(get('/endpoint'), 'iot')).status).toBe(200)
  })

  test(`${CASES_UNSIGNED} requests to anything, signed for anybody or for nobody`, () => {
    const cloud = populated()
    const service = fc.option(fc.constantFrom(...SERVICES), { nil: undefined })
    fc.assert(
      fc.property(anyRequest, service, (request, signer) => {
        const response = answer(cloud, signer === undefined ? { ...request, headers: { host: 'x', ...request.headers } } : signed(request, signer))
        if (response.headers['content-type'] === 'application/xml') checkXml(request.method, response)
        else checkJson(response)
      }),
      { numRuns: CASES_UNSIGNED },
    )
  })
})

describe('S3', { timeout: PATIENCE_MS }, () => {
  test(`${CASES_OF_S3} odd requests`, () => {
    const cloud = populated()
    fc.assert(
      fc.property(anyRequest, (request) => checkXml(request.method, answer(cloud, signed(request, 's3')))),
      { numRuns: CASES_OF_S3 },
    )
    expect(answer(cloud, signed(get('/'), 's3')).status).toBe(200)
  })
})

function populated(): Cloud {
  const clock = new VirtualClock(NOW_MS)
  const url = 'http://127.0.0.1:4610'
  const cloud = new Cloud({ clock, wallNow: () => NOW_MS, credentials: CREDENTIALS, url, mqttEndpoint: '127.0.0.1:1883' })
  const arn = (name: string) => `arn:aws:iot:eu-west-1:123456789012:${name}`
  const put = (method: string, path: string, service: string, body: object | string = '') => {
    const bytes = new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body))
    expect(answer(cloud, signed({ method, url: path, headers: {}, body: bytes }, service)).status, path).toBe(200)
  }
  put('POST', `/things/${THING}`, 'iot', {})
  put('POST', `/thing-groups/${GROUP}`, 'iot', {})
  put('PUT', '/thing-groups/addThingToThingGroup', 'iot', { thingName: THING, thingGroupName: GROUP })
  put('PUT', `/jobs/${JOB}`, 'iot', { targets: [arn(`thinggroup/${GROUP}`)], document: '{"a":1}', targetSelection: 'CONTINUOUS' })
  put('PUT', `/${BUCKET}/`, 's3')
  put('PUT', `/${BUCKET}/object-1`, 's3', 'an image')
  return cloud
}

function get(url: string): DoorRequest {
  return { method: 'GET', url, headers: {}, body: new Uint8Array() }
}

function answer(cloud: Cloud, request: DoorRequest, slowestMs = SLOWEST_MS): DoorResponse {
  const startedMs = performance.now()
  const response = cloud.http.handle(request)
  expect(performance.now() - startedMs).toBeLessThan(slowestMs)
  return response
}

function checkJson({ status, headers, body }: DoorResponse): void {
  expect(headers['x-amzn-RequestId'] ?? headers['x-amz-request-id']).toBeTruthy()
  if (status < 400) return
  expect(status).toBeLessThan(500)
  expect(headers['x-amzn-ErrorType']).toMatch(/^\w+(?:Exception|Failure|Error)$/)
  expect(typeof JSON.parse(String(body)).message).toBe('string')
}

const xml = new XMLParser()

function checkXml(method: string, { status, headers, body }: DoorResponse): void {
  expect(headers['x-amz-request-id']).toBeTruthy()
  if (status < 400 || method === 'HEAD') return
  // S3 says 501 to what it has and this cloud hasn't.
  if (status !== 501) expect(status).toBeLessThan(500)
  const { Error: error } = xml.parse(String(body))
  expect(String(error.Code)).toMatch(/^\w+$/)
  expect(error.Message).toBeTruthy()
}
