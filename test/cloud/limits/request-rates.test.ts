import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, onTestFinished, test } from 'vitest'
import { awsDefault } from '../../../src/cloud/limits/aws-default.ts'
import type { LimitedOperation } from '../../../src/cloud/limits/limits.ts'
import { readRates } from '../../../src/cloud/limits/read-rates.ts'
import { RequestRates } from '../../../src/cloud/limits/request-rates.ts'
import { TokenBucket } from '../../../src/cloud/limits/token-bucket.ts'
import { FakeClock } from '../fake-context.ts'

const START_NEXT = 'iot-jobs-data:StartNextPendingJobExecution'

function admitted(rates: RequestRates, operation: LimitedOperation, requests: number): number {
  return Array.from({ length: requests }, () => rates.admit(operation)).filter(Boolean).length
}

function ratesOf(text: string): RequestRates {
  const folder = mkdtempSync(join(tmpdir(), 'fleetsim-limits-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'limits.yaml'), text)
  return new RequestRates(readRates(join(folder, 'limits.yaml'))!, new FakeClock())
}

describe('a bucket', () => {
  test('holds what comes in a second, and refills with time', () => {
    const bucket = new TokenBucket(2, 0)
    const taken = [0, 0, 0, 499, 500, 500, 1000, 60_000, 60_000, 60_000].map((atMs) => bucket.take(atMs))
    expect(taken).toEqual([true, true, false, false, true, false, true, true, true, false])
  })

  test('of less than one a second gives one, and then waits', () => {
    const bucket = new TokenBucket(0.1, 0)
    expect([0, 1, 9_999, 10_000].map((atMs) => bucket.take(atMs))).toEqual([true, false, false, true])
  })

  property.prop([fc.integer({ min: 1, max: 500 }), fc.array(fc.nat(400), { minLength: 1, maxLength: 400 })])(
    'never gives more than its burst and its rate',
    (perSecond, gaps) => {
      const bucket = new TokenBucket(perSecond, 0)
      let [atMs, given] = [0, 0]
      for (const gap of gaps) {
        atMs += gap
        if (bucket.take(atMs)) given += 1
      }
      expect(given).toBeLessThanOrEqual(perSecond + (atMs * perSecond) / 1000 + 1e-6)
    },
  )
})

describe('aws-default', () => {
  test('shares a rate among the operations of a class', () => {
    const clock = new FakeClock()
    const rates = new RequestRates(awsDefault, clock)
    expect(admitted(rates, START_NEXT, 150)).toBe(150)
    expect(admitted(rates, 'iot-jobs-data:UpdateJobExecution', 150)).toBe(50)
    expect(admitted(rates, 'iot-jobs-data:GetPendingJobExecutions', 150)).toBe(150)
    clock.run(500)
    expect(admitted(rates, START_NEXT, 1000)).toBe(100)
  })

  test('gives each control operation a rate of its own, and what it does not know any number', () => {
    const rates = new RequestRates(awsDefault, new FakeClock())
    expect([admitted(rates, 'iot:CreateJob', 20), admitted(rates, 'iot:DescribeJob', 20), admitted(rates, 's3:GetObject', 999)]).toEqual([
      10, 10, 999,
    ])
  })

  test('names each operation once', () => {
    const operations = awsDefault.flatMap(({ name, operations: shared }): readonly string[] => shared ?? [name])
    expect(new Set(operations).size).toBe(operations.length)
  })
})

describe('a file', () => {
  test('changes rates, lifts them, and adds others', () => {
    const rates = ratesOf('rates:\n  jobs data writes: 5\n  iot:CreateThing: off\n  s3:GetObject: 3\n')
    expect([admitted(rates, START_NEXT, 9), admitted(rates, 'iot:CreateThing', 99), admitted(rates, 's3:GetObject', 9)]).toEqual([5, 99, 3])
    expect(admitted(rates, 'iot:UpdateThing', 99)).toBe(10)
  })

  test('may begin without any, and take an operation out of its class', () => {
    const rates = ratesOf('{ "base": "off", "rates": { "iot-jobs-data:UpdateJobExecution": 7 } }')
    expect([admitted(rates, 'iot-jobs-data:UpdateJobExecution', 9), admitted(rates, START_NEXT, 999)]).toEqual([7, 999])
  })

  test.each([
    ['rates:\n  createThing: 5\n', /has no rate or operation 'createThing'/],
    ['rates:\n  iot:CreateThing: fast\n', /rates\.iot:CreateThing: expected requests per second, or off/],
    ['rate: 5\n', /Unrecognized key/],
  ])('that is wrong is refused: %j', (text, message) => {
    expect(() => ratesOf(text)).toThrow(message)
  })

  test('that is not there is refused', () => {
    expect(() => readRates('/nowhere/limits.yaml')).toThrow(/expected off, aws-default, or a file with rates; \/nowhere\/limits\.yaml: .*ENOENT/)
    expect(readRates('off')).toBeUndefined()
  })
})
