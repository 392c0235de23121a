import { beforeEach, expect, test } from 'vitest'
import { FakeStore } from '../fake-store.ts'
import { START_MS } from '../fake-context.ts'
import { ROLE, StreamWorld } from './stream-world.ts'

const ARN = 'arn:aws:iot:us-east-1:123456789012:stream/s'
const file = (fileId: number, key = 'app') => ({ fileId, s3Location: { bucket: 'fw', key } })

let world: StreamWorld
beforeEach(() => {
  world = new StreamWorld()
  world.put('app', 1000)
})

const create = (body: object = {}, streamId = 's') => world.iot('CreateStream', { streamId }, { files: [file(0)], roleArn: ROLE, ...body })

test('a stream is created, described, updated, listed and deleted', () => {
  const tags = [{ Key: 'a', Value: 'b' }]
  expect(create({ description: 'd', tags })).toEqual({ streamId: 's', streamArn: ARN, description: 'd', streamVersion: 1 })
  expect(world.cloud.registry.tagsOf(ARN)).toEqual(tags)
  world.clock.run(1500)
  expect(world.iot('UpdateStream', { streamId: 's' }, { files: [file(3)] })).toMatchObject({ streamVersion: 2, description: 'd' })
  expect(world.iot('DescribeStream', { streamId: 's' })).toEqual({
    streamInfo: {
      streamId: 's',
      streamArn: ARN,
      description: 'd',
      streamVersion: 2,
      files: [file(3)],
      createdAt: START_MS / 1000,
      lastUpdatedAt: START_MS / 1000 + 1.5,
      roleArn: ROLE,
    },
  })
  create({}, 'second')
  const ids = (query: string) => world.iot('ListStreams', {}, {}, query).streams.map(({ streamId }: any) => streamId)
  expect([ids(''), ids('isAscendingOrder=true'), ids('maxResults=1')]).toEqual([['second', 's'], ['s', 'second'], ['second']])
  world.iot('DeleteStream', { streamId: 's' })
  expect(() => world.iot('DescribeStream', { streamId: 's' })).toThrow(expect.objectContaining({ code: 'ResourceNotFoundException', status: 404 }))
  expect(world.cloud.registry.tagsOf(ARN)).toEqual([])
})

test.each([
  ['no files', { files: [] }, 'InvalidRequestException'],
  ['eleven files', { files: Array.from({ length: 11 }, (_, id) => file(id)) }, 'LimitExceededException'],
  ['51 files', { files: Array.from({ length: 51 }, (_, id) => file(id)) }, 'InvalidRequestException'],
  ['file id 256', { files: [file(256)] }, 'InvalidRequestException'],
  ['a file id twice', { files: [file(1), file(1)] }, 'InvalidRequestException'],
  ['an object that is not there', { files: [file(0, 'nothing')] }, 'ResourceNotFoundException'],
  ['a short role', { roleArn: 'role' }, 'InvalidRequestException'],
  ['no description in the description', { description: '' }, 'InvalidRequestException'],
])('%s is refused', (_, body, code) => {
  expect(() => create(body)).toThrow(expect.objectContaining({ code }))
  expect(world.cloud.streams.all()).toEqual([])
})

test('24 MB and ten files are allowed; a byte more and an id that is taken are not', () => {
  world.put('larger', new Uint8Array(24 * 1024 * 1024 + 1))
  expect(() => create({ files: [file(0, 'larger')] })).toThrow(expect.objectContaining({ code: 'InvalidRequestException' }))
  world.put('large', new Uint8Array(24 * 1024 * 1024))
  create({ files: [file(255, 'large'), ...Array.from({ length: 9 }, (_, id) => file(id))] })
  const resource = { resourceId: 's', resourceArn: ARN }
  expect(() => create()).toThrow(expect.objectContaining({ code: 'ResourceAlreadyExistsException', status: 409, members: resource }))
})

test('after a restart streams are there as they were, in their order', () => {
  const store = new FakeStore()
  world = new StreamWorld(store)
  world.put('app', 1000)
  for (const id of ['z', 'a', 'gone']) create({}, id)
  world.iot('UpdateStream', { streamId: 'z' }, { description: 'two' })
  world.iot('DeleteStream', { streamId: 'gone' })
  const before = world.cloud.streams.all()
  world = new StreamWorld(store)
  expect(world.cloud.streams.all()).toEqual(before)
  world.put('app', 1000)
  create({}, 'later')
  expect(world.cloud.streams.all().map(({ streamId }) => streamId)).toEqual(['z', 'a', 'later'])
})
