import { expect, test } from 'vitest'
import { json, newWorld } from '../http/world.ts'
import type { World } from '../http/world.ts'

function call(world: World, method: string, url: string, body: object = {}): any {
  const answer = world.send('iot', method, url, { body })
  return answer.status === 200
    ? json({ ...answer, body: answer.body.length > 0 ? answer.body : Buffer.from('{}') })
    : answer.headers['x-amzn-ErrorType']
}

function rent(): World {
  const world = newWorld()
  call(world, 'POST', '/billing-groups/rent', { billingGroupProperties: { billingGroupDescription: 'flats' }, tags: [{ Key: 'cost', Value: '7' }] })
  call(world, 'POST', '/things/t1')
  return world
}

const arn = 'arn:aws:iot:us-east-1:123456789012:billinggroup/rent'

test('a billing group is described, updated at its version, and listed by prefix', () => {
  const world = rent()
  const group = { billingGroupName: 'rent', billingGroupArn: arn, billingGroupId: expect.any(String) }
  expect(call(world, 'GET', '/billing-groups/rent')).toEqual({
    ...group,
    version: 1,
    billingGroupProperties: { billingGroupDescription: 'flats' },
    billingGroupMetadata: { creationDate: 1_767_225_600 },
  })
  const update = { billingGroupProperties: { billingGroupDescription: 'houses' }, expectedVersion: 1 }
  expect([call(world, 'PATCH', '/billing-groups/rent', update), call(world, 'PATCH', '/billing-groups/rent', update)]).toEqual([
    { version: 2 },
    'VersionConflictException',
  ])
  expect(call(world, 'POST', '/billing-groups/rent')).toBe('ResourceAlreadyExistsException')
  expect(call(world, 'GET', '/billing-groups?namePrefixFilter=re').billingGroups).toEqual([{ groupName: 'rent', groupArn: arn }])
  expect(call(world, 'GET', '/billing-groups?namePrefixFilter=x').billingGroups).toEqual([])
  expect(call(world, 'GET', `/tags?resourceArn=${encodeURIComponent(arn)}`).tags).toEqual([{ Key: 'cost', Value: '7' }])
})

test('a thing is in one billing group, by name or by ARN, and says so', () => {
  const world = rent()
  call(world, 'POST', '/billing-groups/other')
  const add = (body: object) => call(world, 'PUT', '/billing-groups/addThingToBillingGroup', body)
  expect(add({ thingArn: 'arn:aws:iot:us-east-1:123456789012:thing/t1', billingGroupArn: arn })).toEqual({})
  expect(add({ thingName: 't1', billingGroupName: 'rent' })).toEqual({})
  expect(add({ thingName: 't1', billingGroupName: 'other' })).toBe('InvalidRequestException')
  expect([add({ thingName: 'none', billingGroupName: 'rent' }), add({ thingName: 't1', billingGroupName: 'none' })]).toEqual([
    'ResourceNotFoundException',
    'ResourceNotFoundException',
  ])
  expect(call(world, 'GET', '/things/t1')).toMatchObject({ billingGroupName: 'rent', version: 1 })
  expect(call(world, 'GET', '/billing-groups/rent/things')).toEqual({ things: ['t1'] })
  call(world, 'PUT', '/billing-groups/removeThingFromBillingGroup', { thingName: 't1', billingGroupName: 'rent' })
  expect(call(world, 'GET', '/billing-groups/rent/things')).toEqual({ things: [] })
})

test('a thing may be made in a billing group, and is in none when that is deleted', () => {
  const world = rent()
  expect(call(world, 'POST', '/things/t2', { billingGroupName: 'none' })).toBe('ResourceNotFoundException')
  call(world, 'POST', '/things/t2', { billingGroupName: 'rent' })
  expect([call(world, 'DELETE', '/billing-groups/rent?expectedVersion=5'), call(world, 'DELETE', '/billing-groups/rent')]).toEqual([
    'VersionConflictException',
    {},
  ])
  expect(call(world, 'GET', '/things/t2').billingGroupName).toBeUndefined()
  expect(call(world, 'DELETE', '/billing-groups/rent')).toEqual({})
})
