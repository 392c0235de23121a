import { describe, expect, test } from 'vitest'
import { VirtualClock } from '../src/clock/virtual.ts'
import { Cloud } from '../src/cloud/cloud.ts'
import { reservedRequest } from '../src/cloud/mqtt/reserved.ts'
import type { CloudRequest } from '../src/ports/cloud-requests.ts'
import {
  cloudConformance,
  conformanceBehaviours,
  constantsFor,
  EMULATOR_ROWS,
  MQTT_REFUSED,
  MQTT_REQUESTS,
  OPEN_QUESTIONS,
} from './cloud-conformance.ts'
import { textOf } from './sources.ts'

// Stale? `npx vitest run test/cloud-conformance.test.ts -u` writes it anew.

test('docs/cloud-conformance.md is fresh', async () => {
  await expect(cloudConformance()).toMatchFileSnapshot('../docs/cloud-conformance.md')
})

test('every choice is in it', () => {
  const names = [...textOf('src/cloud/jobs/choices.ts').matchAll(/^export const (\w+)/gm)].map(([, name]) => name!)
  expect(names.length).toBeGreaterThan(15)
  const page = cloudConformance()
  for (const name of names) expect(page).toContain(`| \`${name}\` |`)
})

test('everything that emulators get wrong has a test', () => {
  const rows = new Set(conformanceBehaviours().map(({ row }) => row))
  expect(Array.from({ length: EMULATOR_ROWS }, (_, index) => index + 1).filter((row) => !rows.has(row))).toEqual([])
})

test('every open question has a constant', () => {
  expect(OPEN_QUESTIONS.map((_, index) => index + 1).filter((question) => constantsFor(question).length === 0)).toEqual([])
})

describe('MQTT topics are what it says', () => {
  test.each(MQTT_REQUESTS)('%s: %s', (topic, operation) => {
    const { cloud, requests } = world()
    expect(reservedRequest(cloud, filled(topic), '{}')).not.toBe('refused')
    expect(requests.map((request) => request.operation)).toEqual([operation])
  })

  test.each(MQTT_REFUSED)('%s is refused', (topic) => {
    const { cloud, requests } = world()
    expect(reservedRequest(cloud, filled(topic), '{}')).toBe('refused')
    expect(requests).toEqual([])
  })
})

function filled(topic: string): string {
  return topic.replace('{thing}', 'thing-1').replace('{job}', 'job-1').replace('{shadow}', 'config')
}

function world(): { cloud: Cloud; requests: CloudRequest[] } {
  const requests: CloudRequest[] = []
  const cloud = new Cloud({
    clock: new VirtualClock(0),
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    url: 'http://127.0.0.1:4610',
    mqttEndpoint: '127.0.0.1:1883',
    onRequest: (request) => requests.push(request),
  })
  return { cloud, requests }
}
