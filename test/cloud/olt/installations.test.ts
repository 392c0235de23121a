import { describe, expect, test } from 'vitest'
import { OltWorld } from './olt-world.ts'

const BLOB = Uint8Array.of(1, 2, 3, 4)
const AT = '2026-01-01T00:00:07.000Z'

/** A lamp behind a gateway, and a firmware. */
function lamp() {
  const olt = new OltWorld()
  const type = olt.deviceType('firmware', 'configuration')
  olt.device(type, 'gw')
  olt.device(type, 'lamp', 'gw')
  const firmwareId = olt.firmware(BLOB)
  const install = (slot = 'firmware', firmware = firmwareId) =>
    olt.call('POST', '/devices/lamp/firmware-installations', { firmwareId: firmware, slot })
  const path = (id: string) => `/devices/lamp/firmware-installations/${id}`
  return { olt, type, firmwareId, install, path }
}

describe('installations (devices.md §3.2)', () => {
  test('have timestamps and no status', () => {
    const { olt, install, path, firmwareId } = lamp()
    const made = install()
    const fields = { id: made.data.id, deviceId: 'lamp', firmwareId, slot: 'firmware', requestedAt: '2026-01-01T00:00:00.000Z' }
    expect(made).toMatchObject({ status: 201, data: fields })
    expect(made.data).toEqual(fields)
    const { id } = made.data
    expect(olt.call('PATCH', path(id), { startedAt: AT })).toMatchObject({ status: 200, data: { startedAt: AT } })
    expect(olt.call('PATCH', path(id), { completedAt: '2026-01-01T01:00:08+01:00' }).data.completedAt).toBe('2026-01-01T00:00:08.000Z')
    expect(olt.call('GET', path(id)).data).toEqual({ ...fields, startedAt: AT, completedAt: '2026-01-01T00:00:08.000Z' })
  })

  test('are rejected with a reason, from the start or after it', () => {
    const { olt, install, path } = lamp()
    const { id } = install().data
    expect(olt.call('PATCH', path(id), { rejectedAt: AT, rejectReason: 'too large' }).data).toMatchObject({
      rejectedAt: AT,
      rejectReason: 'too large',
    })
    expect(olt.call('PATCH', path(id), { startedAt: AT })).toMatchObject({ status: 400, data: { errorCode: 'FIRMWARE_VALIDATION' } })
  })

  test('a report that is repeated changes nothing, and is no error', () => {
    const { olt, install, path } = lamp()
    const { id } = install().data
    for (const step of [{ startedAt: AT }, { completedAt: AT }]) {
      olt.call('PATCH', path(id), step)
      expect(olt.call('PATCH', path(id), Object.fromEntries([[Object.keys(step)[0]!, '2027-01-01T00:00:00Z']]))).toMatchObject({
        status: 200,
        data: step,
      })
    }
  })

  test.each([
    ['two steps at once', { startedAt: AT, completedAt: AT }],
    ['completed before it was started', { completedAt: AT }],
    ['a reason alone', { rejectReason: 'no' }],
    ['a reason of 256 characters', { rejectedAt: AT, rejectReason: 'n'.repeat(256) }],
    ['no time', { startedAt: 'now' }],
  ])('%s is refused', (_what, body) => {
    const { olt, install, path } = lamp()
    expect(olt.call('PATCH', path(install().data.id), body)).toMatchObject({ status: 400, data: { errorCode: 'FIRMWARE_VALIDATION' } })
  })

  test('latestOnly is the latest successful one of each slot', () => {
    const { olt, install, path } = lamp()
    const complete = (id: string, at: string) => {
      olt.call('PATCH', path(id), { startedAt: at })
      olt.call('PATCH', path(id), { completedAt: at })
    }
    const [old, latest, rejected, other] = [install(), install(), install(), install('configuration')].map(({ data }) => data.id as string)
    complete(old!, '2026-01-01T00:00:01Z')
    complete(latest!, '2026-01-01T00:00:02Z')
    complete(other!, '2026-01-01T00:00:01Z')
    olt.call('PATCH', path(rejected!), { rejectedAt: '2026-01-01T00:00:03Z' })
    const listed = (query: string) => olt.call('GET', `/devices/lamp/firmware-installations${query}`).data.map(({ id }: { id: string }) => id)
    expect(listed('?latestOnly=true')).toEqual([latest, other])
    expect(listed('')).toEqual([other, rejected, latest, old])
  })

  test('whatever is unknown is 403', () => {
    const { olt, install, path } = lamp()
    const { id } = install().data
    const refused = { status: 403, data: { errorCode: 'FIRMWARE_NO_ACCESS_TO_RESOURCE' } }
    expect(install('firmware', 'none')).toMatchObject(refused)
    expect(olt.call('GET', path('none'))).toMatchObject(refused)
    expect(olt.call('GET', `/devices/gw/firmware-installations/${id}`)).toMatchObject(refused)
    expect(olt.call('GET', '/devices/none/firmware-installations')).toMatchObject(refused)
  })

  test('a slot that the device type does not have, and a firmware without a blob', () => {
    const { olt, install } = lamp()
    const empty = olt.call('POST', '/firmwares', { name: 'empty' }).data.id
    expect(install('bootloader')).toMatchObject({ status: 400, data: { errorCode: 'FIRMWARE_VALIDATION' } })
    expect(install('no slot')).toMatchObject({ status: 400 })
    expect(install('firmware', empty)).toMatchObject({ status: 400 })
  })

  test('there is no cancel', () => {
    const { olt, install, path } = lamp()
    expect(olt.call('DELETE', path(install().data.id)).status).toBe(404)
  })
})

describe('messages (docs/olt.md)', () => {
  test('the instruction goes to the device and to its gateway, with a token for the reports of this device', () => {
    const { olt, install, path, firmwareId } = lamp()
    const gateway = olt.hears('gw', 'devices/gw/actions')
    const device = olt.hears('lamp', 'devices/lamp/actions')
    const { id } = install().data
    const token = gateway.messages[0]![1].payload.token
    const message = {
      deviceId: 'lamp',
      aliases: ['mac-lamp'],
      actionId: id,
      action: 'installFirmware',
      payload: {
        installationId: id,
        slot: 'firmware',
        requestedAt: '2026-01-01T00:00:00.000Z',
        firmware: {
          id: firmwareId,
          name: 'app',
          version: '1.0.1',
          size: 4,
          hashes: [expect.stringMatching(/^1220[0-9a-f]{64}$/)],
          downloadUrl: `http://127.0.0.1:4610/v1/firmwares/${firmwareId}/blob`,
        },
        installationUrl: `http://127.0.0.1:4610/v1${path(id)}`,
        token,
      },
    }
    expect(gateway.messages).toEqual([['devices/gw/actions', message]])
    expect(device.messages).toEqual([['devices/lamp/actions', message]])
    expect(olt.call('PATCH', path(id), { startedAt: AT }, token).status).toBe(200)
    expect(olt.call('GET', `/firmwares/${firmwareId}/blob`, undefined, token).status).toBe(302)
    expect(olt.call('GET', '/devices/gw/firmware-installations', undefined, token).status).toBe(403)
    expect(olt.call('POST', '/firmwares', { name: 'x' }, token).status).toBe(403)
  })

  test('actions and configurations', () => {
    const { olt } = lamp()
    const { messages } = olt.hears('gw', 'devices/gw/+')
    const { status, data } = olt.call('POST', '/devices/lamp/actions', { action: 'dim', payload: { to: 5 } })
    expect([status, typeof data.actionId]).toEqual([202, 'string'])
    expect(olt.call('POST', '/devices/actions', { deviceIds: ['lamp', 'none'], action: 'dim' })).toMatchObject({
      status: 404,
      data: { errorCode: 'DEVICE_RESOURCE_NOT_FOUND' },
    })
    expect(olt.call('POST', '/devices/actions', { deviceIds: ['lamp'], action: 'off' }).status).toBe(204)
    olt.call('PATCH', '/devices/lamp', { configuration: { brightness: 60 } })
    expect(messages).toMatchObject([
      ['devices/gw/actions', { deviceId: 'lamp', actionId: data.actionId, action: 'dim', payload: { to: 5 } }],
      ['devices/gw/actions', { action: 'off', payload: {} }],
      ['devices/gw/configuration', { deviceId: 'lamp', configuration: { brightness: 60 } }],
    ])
  })

  test('data-ingest: from the device itself, or from its gateway by id or alias, and from nobody else', () => {
    const { olt } = lamp()
    const say = (clientId: string, message: unknown) => olt.hears(clientId).connection.publish('data-ingest', JSON.stringify(message), 1)
    say('lamp', { type: 'attributes', value: { temperature: 20, firmware: '1.0.0' } })
    say('gw', { deviceId: 'mac-lamp', type: 'attributes', value: { firmware: '1.0.1' } })
    say('gw', { deviceId: 'lamp', type: 'configuration', value: { brightness: 60 } })
    say('stranger', { deviceId: 'lamp', type: 'attributes', value: { firmware: '6.6.6' } })
    say('gw', { deviceId: 'lamp', type: 'event', value: { overheated: true } })
    say('gw', 'nonsense')
    expect(olt.call('GET', '/devices/lamp').data).toMatchObject({
      attributes: { temperature: 20, firmware: '1.0.1' },
      configuration: { brightness: 60 },
    })
  })
})

describe('device types and devices', () => {
  test('a firmware that is associated with a slot is installed on every device of the type, and on those that come later', () => {
    const { olt, type, firmwareId } = lamp()
    const path = `/device-types/${type}/slots/firmware/firmware-associations`
    const { status, data } = olt.call('POST', path, { firmwareId })
    expect([status, data]).toMatchObject([201, { deviceTypeId: type, slot: 'firmware', firmwareId }])
    olt.device(type, 'late', 'gw')
    const of = (device: string) => olt.call('GET', `/devices/${device}/firmware-installations`).data
    expect([of('lamp'), of('gw'), of('late')]).toMatchObject([[{ slot: 'firmware' }], [{ firmwareId }], [{ firmwareId }]])
    expect(olt.call('GET', path).data).toEqual([data])
    expect(olt.call('DELETE', `${path}/${data.id}`).status).toBe(204)
    olt.device(type, 'later')
    expect([of('lamp').length, of('later').length]).toEqual([1, 0])
  })

  test('a gateway has to be there, and not behind another', () => {
    const { olt, type } = lamp()
    for (const gateway of ['none', 'lamp']) {
      expect(olt.device(type, 'new', gateway)).toMatchObject({ status: 409, data: { errorCode: 'DEVICE_CONNECTEDBY_CONFLICT' } })
    }
    expect(olt.device('none', 'new')).toMatchObject({ status: 400, data: { errorCode: 'DEVICE_VALIDATION' } })
    expect(olt.call('GET', '/devices?connectedBy=gw').data.data).toMatchObject([{ id: 'lamp', info: { connectedBy: 'gw' } }])
    expect(olt.call('GET', '/devices?alias=mac-gw').data.data).toMatchObject([{ id: 'gw' }])
  })

  test('a device type keeps what it was created with', () => {
    const olt = new OltWorld()
    const members = {
      name: 'Extended OSR Light switch',
      manufacturer: 'OSRAM',
      schema: { attributes: {} },
      slots: { firmware: { name: 'Test name' } },
    }
    const { id } = olt.call('POST', '/device-types', members).data
    expect(olt.call('GET', `/device-types/${id}`).data).toMatchObject(members)
    expect(olt.call('GET', '/device-types').data.data).toMatchObject([members])
    expect(olt.call('GET', '/device-types/none')).toMatchObject({ status: 404, data: { errorCode: 'DEVICE_RESOURCE_NOT_FOUND' } })
  })
})
