import { describe, expect, test } from 'vitest'
import { DOORS } from '../mqtt/door-world.ts'
import { json, newWorld, xml } from './world.ts'

/** Operations of a cloud whose parts throw what is no answer: to whoever asked, and to whoever wants to be told. */

const BUG = new TypeError('x is not a function')

function broken(part: object, method: string): void {
  Object.defineProperty(part, method, {
    value: () => {
      throw BUG
    },
  })
}

describe('a bug in an operation over HTTP', () => {
  test('is answered InternalFailureException, and told', () => {
    const told: unknown[] = []
    const { cloud, send, requests } = newWorld({ onBug: (error) => told.push(error) })
    broken(cloud.jobs, 'job')
    const answer = send('iot', 'GET', '/jobs/j1')
    expect([answer.status, answer.headers['x-amzn-ErrorType'], json(answer)['message']]).toEqual([
      500,
      'InternalFailureException',
      'An unexpected error has occurred.',
    ])
    expect(told).toEqual([BUG])
    expect(requests.at(-1)).toMatchObject({ operation: 'DescribeJob', code: 'InternalFailureException' })
  })

  test('of S3 is answered InternalError in XML', () => {
    const told: unknown[] = []
    const { cloud, send } = newWorld({ onBug: (error) => told.push(error) })
    broken(cloud.objects, 'bucket')
    const answer = send('s3', 'GET', '/firmware?list-type=2')
    expect([answer.status, xml(answer, 'Code')]).toEqual([500, 'InternalError'])
    expect(told).toEqual([BUG])
  })

  test('is thrown where nobody wants to be told', () => {
    const { cloud, send } = newWorld()
    broken(cloud.jobs, 'job')
    expect(() => send('iot', 'GET', '/jobs/j1')).toThrow(BUG)
  })
})

describe.each(DOORS)('a bug in a request at $name', ({ open }) => {
  test.each([
    ['jobs/start-next', 'jobs', { code: 'InternalError' }],
    ['shadow/get', 'shadows', { code: 500, message: 'Internal service failure' }],
    ['streams/s/get/json', 'streams', { o: 'InternalError' }],
  ] as const)('of %s is answered, and told', async (request, part, answer) => {
    const told: unknown[] = []
    const world = await open({ onBug: (error) => told.push(error) })
    world.cloud.registry.addFleet('fleet', ['t'])
    broken(world.cloud[part], { jobs: 'thing', shadows: 'get', streams: 'find' }[part])
    const device = await world.connect('t')
    await device.subscribe('$aws/things/t/shadow/get/rejected')
    await device.publish(`$aws/things/t/${request}`, '{"f":0,"l":256}')
    expect(await device.answer(part === 'streams' ? 'rejected/json' : 'rejected')).toMatchObject(answer)
    expect(told).toEqual([BUG])
    await world.close()
  })
})
