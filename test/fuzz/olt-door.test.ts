import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { VirtualClock } from '../../src/clock/virtual.ts'
import { Cloud } from '../../src/cloud/cloud.ts'
import type { DoorRequest, DoorResponse } from '../../src/cloud/http/door.ts'
import { oltOperations } from '../../src/cloud/olt/operations.ts'
import { CREDENTIALS, NOW_MS, odd, restRequest } from './requests.ts'

/** The platform of OLT: never a crash, always an error in its own words. */

const CASES_OF_AN_OPERATION = 200
const CASES_OF_A_TOKEN = 500
const PATIENCE_MS = 180_000

describe('OLT', { timeout: PATIENCE_MS }, () => {
  test.each(oltOperations)(`${CASES_OF_AN_OPERATION} odd requests to $name`, ({ method, path }) => {
    const { cloud, token } = populated()
    fc.assert(
      fc.property(restRequest(method, `/v1${path}`), (request) => check(cloud.http.handle(withToken(request, token)))),
      { numRuns: CASES_OF_AN_OPERATION },
    )
    expect(cloud.http.handle(withToken({ method: 'GET', url: '/v1/firmwares', headers: {}, body: new Uint8Array() }, token)).status).toBe(200)
  })

  test(`${CASES_OF_A_TOKEN} odd tokens open nothing`, () => {
    const { cloud } = populated()
    const request = { method: 'GET', url: '/v1/firmwares', headers: {}, body: new Uint8Array() }
    fc.assert(
      fc.property(odd, (token) => {
        expect(cloud.http.handle(withToken(request, token)).status).toBe(401)
      }),
      { numRuns: CASES_OF_A_TOKEN },
    )
  })
})

function populated(): { cloud: Cloud; token: string } {
  const clock = new VirtualClock(NOW_MS)
  const cloud = new Cloud({ clock, wallNow: () => NOW_MS, credentials: CREDENTIALS, url: 'http://127.0.0.1:4610', mqttEndpoint: '127.0.0.1:1883' })
  const minted = cloud.http.handle({
    method: 'POST',
    url: '/_fleetsim/olt/tokens',
    headers: { 'x-fleetsim-peer': 'loopback' },
    body: Buffer.from('{}'),
  })
  return { cloud, token: JSON.parse(String(minted.body)).token }
}

function withToken(request: DoorRequest, token: string): DoorRequest {
  return { ...request, headers: { ...request.headers, host: '127.0.0.1:4610', authorization: `Bearer ${token}` } }
}

function check({ status, body }: DoorResponse): void {
  if (status < 400) return
  expect(status).toBeLessThan(500)
  expect(JSON.parse(String(body))).toMatchObject({ errorCode: expect.stringMatching(/^[A-Z_]+$/), errorMessage: expect.any(String) })
}
