import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { FakeStore } from '../fake-store.ts'
import { OltWorld } from './olt-world.ts'

const BLOB = Uint8Array.of(1, 2, 3, 4)
const HASH = `1220${createHash('sha256').update(BLOB).digest('hex')}`

describe('firmwares (devices.md §3.2)', () => {
  test('are made without a blob, which is attached once', () => {
    const olt = new OltWorld()
    const made = olt.call('POST', '/firmwares', { name: 'app', version: '1.0.1' })
    expect(made).toMatchObject({
      status: 201,
      data: { name: 'app', description: null, version: '1.0.1', size: null, blobAttached: false, hashes: [] },
    })
    const path = `/firmwares/${made.data.id}`
    olt.world.pass(1000)
    const downloadUrl = `http://127.0.0.1:4610/v1${path}/blob`
    expect(olt.call('POST', `${path}/blob`, BLOB)).toMatchObject({ status: 200, data: { downloadUrl } })
    expect(olt.call('GET', path)).toMatchObject({
      status: 200,
      data: {
        size: 4,
        blobAttached: true,
        downloadUrl,
        hashes: [HASH],
        createdAt: '2026-01-01T00:00:00.000Z',
        updatedAt: '2026-01-01T00:00:01.000Z',
      },
    })
    expect(olt.call('POST', `${path}/blob`, BLOB)).toMatchObject({ status: 423, data: { errorCode: 'FIRMWARE_BLOB_EXISTS' } })
  })

  test('a blob is downloaded after a redirect that needs no token', () => {
    const olt = new OltWorld()
    const { status, headers, data } = olt.call('GET', `/firmwares/${olt.firmware(BLOB)}/blob`)
    expect([status, data]).toEqual([302, undefined])
    const { body } = olt.world.raw('GET', headers['location']!.slice('http://127.0.0.1:4610'.length))
    expect(Buffer.from(body)).toEqual(Buffer.from(BLOB))
  })

  test('without a blob they are gone after five minutes', () => {
    const olt = new OltWorld()
    const { id } = olt.call('POST', '/firmwares', { name: 'late' }).data
    const kept = olt.firmware(BLOB)
    olt.world.pass(5 * 60_000 - 1)
    expect(olt.call('GET', `/firmwares/${id}`).status).toBe(200)
    olt.world.pass(1)
    expect(olt.call('POST', `/firmwares/${id}/blob`, BLOB)).toMatchObject({ status: 403, data: { errorCode: 'FIRMWARE_NO_ACCESS_TO_RESOURCE' } })
    expect(olt.call('GET', '/firmwares').data.data).toMatchObject([{ id: kept }])
  })

  test('are listed newest first, in pages that begin with 0', () => {
    const olt = new OltWorld()
    for (const name of ['a', 'b', 'c']) olt.call('POST', '/firmwares', { name })
    const page = (query: string) => olt.call('GET', `/firmwares${query}`).data
    expect(page('').meta).toEqual({ page: 0, pageSize: 20 })
    expect(page('?pageSize=2').data.map(({ name }: { name: string }) => name)).toEqual(['c', 'b'])
    expect(page('?page=1&pageSize=2')).toMatchObject({ data: [{ name: 'a' }], meta: { page: 1, pageSize: 2 } })
  })

  test('are deleted with their blob', () => {
    const olt = new OltWorld()
    const id = olt.firmware(BLOB)
    expect(olt.call('DELETE', `/firmwares/${id}`)).toMatchObject({ status: 204, data: undefined })
    expect(olt.call('GET', `/firmwares/${id}/blob`).status).toBe(403)
    expect(olt.world.cloud.objects.buckets).toEqual([])
  })

  test.each([
    ['no name', { version: '1' }, 'name'],
    ['a name of 256 characters', { name: 'n'.repeat(256) }, 'name'],
    ['a version of 256 characters', { name: 'n', version: 'v'.repeat(256) }, 'version'],
  ])('%s is refused', (_what, body, member) => {
    const { status, data } = new OltWorld().call('POST', '/firmwares', body)
    expect([status, data.errorCode]).toEqual([400, 'FIRMWARE_VALIDATION'])
    expect(data.errorMessage).toContain(member)
  })
})

describe('tokens', () => {
  test('none, a foreign one, and one without the permission', () => {
    const olt = new OltWorld()
    const missing = olt.world.raw('GET', '/v1/firmwares')
    expect([missing.status, JSON.parse(String(missing.body)).errorCode]).toEqual([401, 'FIRMWARE_UNAUTHORIZED'])
    expect(olt.call('GET', '/firmwares', undefined, 'a.b')).toMatchObject({ status: 401 })
    expect(olt.call('GET', '/devices', undefined, 'a.b')).toMatchObject({ status: 401, data: { errorCode: 'ID_UNAUTHORIZED' } })
    const reader = olt.token({ permissions: ['firmware:read'] })
    expect(olt.call('GET', '/firmwares', undefined, reader).status).toBe(200)
    expect(olt.call('POST', '/firmwares', { name: 'a' }, reader)).toMatchObject({
      status: 403,
      data: { errorCode: 'FIRMWARE_NO_ACCESS_TO_RESOURCE' },
    })
  })

  test('are minted for this machine only', () => {
    expect(new OltWorld().world.raw('POST', '/_fleetsim/olt/tokens', { 'x-fleetsim-peer': 'remote' }).status).toBe(403)
  })
})

test('what AWS clients send to a bucket with such keys goes to the bucket', () => {
  const { world } = new OltWorld()
  world.send('s3', 'PUT', '/bucket')
  world.send('s3', 'PUT', '/v1/x', { headers: { host: 'bucket.localhost' }, body: 'x' })
  expect(Buffer.from(world.send('s3', 'GET', '/bucket/v1/x').body).toString()).toBe('x')
})

test('everything is there after a restart', () => {
  const store = new FakeStore()
  const before = new OltWorld({ store })
  const type = before.deviceType('firmware')
  before.device(type, 'lamp-1')
  const firmware = before.firmware(BLOB)
  const { id } = before.call('POST', '/devices/lamp-1/firmware-installations', { firmwareId: firmware, slot: 'firmware' }).data
  before.call('PATCH', `/devices/lamp-1/firmware-installations/${id}`, { startedAt: '2026-01-01T00:00:00Z' })
  before.call('POST', `/device-types/${type}/slots/firmware/firmware-associations`, { firmwareId: firmware })

  const after = new OltWorld({ store })
  const token = before.token()
  for (const path of [
    '/firmwares',
    '/device-types',
    '/devices',
    '/devices/lamp-1/firmware-installations',
    `/device-types/${type}/slots/firmware/firmware-associations`,
  ])
    expect(after.call('GET', path, undefined, token)).toEqual(before.call('GET', path, undefined, token))
  const { location } = after.call('GET', `/firmwares/${firmware}/blob`).headers
  expect(after.world.raw('GET', location!.slice('http://127.0.0.1:4610'.length)).status).toBe(200)
  expect(after.call('POST', '/firmwares', { name: 'next' }).data.id).not.toBe(firmware)
})
