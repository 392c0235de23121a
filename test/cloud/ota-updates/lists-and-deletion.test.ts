import { beforeEach, describe, expect, test } from 'vitest'
import { START_MS } from '../fake-context.ts'
import { FakeStore } from '../fake-store.ts'
import { ARN, FILE, OtaWorld } from './ota-world.ts'

let world: OtaWorld
beforeEach(() => {
  world = new OtaWorld()
})

describe('lists and deletion', () => {
  test('lists by status, in pages', () => {
    world.make({}, 'a')
    world.create({}, 'b')
    const ids = (query = '') => world.iot('ListOTAUpdates', {}, {}, query).otaUpdates.map(({ otaUpdateId }: any) => otaUpdateId)
    expect([ids(), ids('otaUpdateStatus=CREATE_COMPLETE'), ids('maxResults=1')]).toEqual([['a', 'b'], ['a'], ['a']])
    expect(world.iot('ListOTAUpdates', {}).otaUpdates[0]).toEqual({
      otaUpdateId: 'a',
      otaUpdateArn: `${ARN}:otaupdate/a`,
      creationDate: START_MS / 1000,
    })
    expect(() => ids('otaUpdateStatus=DONE')).toThrow(expect.objectContaining({ code: 'InvalidRequestException' }))
  })

  test('an active job has to be forced; the stream stays unless it shall go', () => {
    world.create()
    expect(() => world.remove()).toThrow(expect.objectContaining({ code: 'VersionConflictException', status: 409 }))
    world.clock.run(2000)
    expect(() => world.remove()).toThrow(expect.objectContaining({ code: 'InvalidRequestException' }))
    world.iot('CancelJob', { jobId: 'AFR_OTA-up' })
    world.remove()
    expect(world.info().otaUpdateStatus).toBe('DELETE_IN_PROGRESS')
    world.clock.run(1000)
    expect([world.cloud.otaUpdates.all(), [...world.cloud.jobs.jobs()], world.cloud.streams.all().length]).toEqual([[], [], 1])
    world.make()
    world.remove('forceDeleteAWSJob=true&deleteStream=true')
    world.clock.run(1000)
    expect([world.cloud.otaUpdates.all(), [...world.cloud.jobs.jobs()], world.cloud.streams.all().length]).toEqual([[], [], 1])
  })

  test('a stream that another update uses makes the deletion fail, until that one is gone', () => {
    world.make()
    const { stream } = world.info().otaUpdateFiles[0].fileLocation
    world.make({ files: [{ fileLocation: { stream } }] }, 'other')
    world.remove('forceDeleteAWSJob=true&deleteStream=true')
    world.clock.run(1000)
    expect(world.info()).toMatchObject({ otaUpdateStatus: 'DELETE_FAILED', errorInfo: { code: 'DeleteConflictException' } })
    world.remove('forceDeleteAWSJob=true', 'other')
    world.clock.run(1000)
    world.remove('forceDeleteAWSJob=true&deleteStream=true')
    world.clock.run(1000)
    expect([world.cloud.otaUpdates.all(), world.cloud.streams.all()]).toEqual([[], []])
  })
})

test('after a restart everything is there, and what was unfinished goes on', () => {
  const store = new FakeStore()
  world = new OtaWorld(store)
  world.make({ files: [{ ...FILE, codeSigning: { startSigningJobParameter: { signingProfileName: 'prod' } } }] }, 'done')
  world.create({}, 'begun')
  const [before, key] = [world.info('done'), world.cloud.signing.publicKeyPem('prod')]
  world = new OtaWorld(store)
  expect(world.info('done')).toEqual(before)
  expect(world.cloud.signing.publicKeyPem('prod')).toBe(key)
  expect(world.cloud.signing.job(before.otaUpdateFiles[0].codeSigning.awsSignerJobId)).toMatchObject({ profileName: 'prod' })
  world.clock.run(2000)
  expect(world.info('begun').otaUpdateStatus).toBe('CREATE_COMPLETE')
  expect(world.cloud.otaUpdates.all().map(({ otaUpdateId }) => otaUpdateId)).toEqual(['done', 'begun'])
})
