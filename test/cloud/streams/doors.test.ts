import { describe, expect, test } from 'vitest'
import { call, DOORS } from '../mqtt/door-world.ts'
import { image, ROLE } from './stream-world.ts'

describe.each(DOORS)('streams at $name', ({ open }) => {
  test('blocks go to the device that asked, subscribed or not, and to nobody else', async () => {
    const world = await open()
    world.cloud.objects.createBucket('fw', 'us-east-1')
    world.cloud.objects.put('fw', 'app', image(600), { contentType: 'x', headers: {}, checksums: {} })
    const files = [{ fileId: 0, s3Location: { bucket: 'fw', key: 'app' } }]
    call(world.cloud, 'CreateStream', { streamId: 's' }, { files, roleArn: ROLE })
    const observer = await world.connect('observer')
    await observer.subscribe('$aws/things/t/streams/s/#')
    const device = await world.connect('device')
    await device.publish('$aws/things/t/streams/s/get/json', '{"f":0,"l":256}')
    await device.until(() => device.heard.length === 3)
    expect(await device.answer('data/json')).toMatchObject({ f: 0, l: 256, i: 0 })
    expect(await observer.topics()).toEqual([])
    expect(world.requests).toMatchObject([{ service: 'iotdata', operation: 'GetStream', code: 'ok' }])
    await device.publish('$aws/things/t/streams/s/data/json', '{}')
    await device.until(() => device.isClosed)
    await world.close()
  })
})
