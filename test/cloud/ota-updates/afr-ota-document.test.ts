import { expect, test } from 'vitest'
import { afrOtaText } from '../../../src/cloud/ota-updates/afr-ota-document.ts'

/** Literal documents as agents get them: names, spelling and order of the keys. */

const STREAM = 'AFR_OTA-53a1f2c8-0000-4000-8000-000000000000'
const signature = { hash: 'SHA256', algorithm: 'ECDSA', signature: 'MEQCIF0=', certificatePath: '/strings/ota/cert' }
const file = { fileName: '/device/updates/fw.bin', fileType: 0, fileId: 0, sizeBytes: 180_568, region: 'us-west-2', signature }
const location = { bucket: 'images', key: 'v1/fw one.bin' }

test('MQTT', () => {
  expect(afrOtaText({ protocols: ['MQTT'], streamId: STREAM, files: [{ ...file, location }] })).toBe(
    `{"afr_ota":{"protocols":["MQTT"],"streamname":"${STREAM}","files":[{"filepath":"/device/updates/fw.bin","filesize":180568,"fileid":0,` +
      '"certfile":"/strings/ota/cert","fileType":0,"sig-sha256-ecdsa":"MEQCIF0="}]}}',
  )
})

test('HTTP', () => {
  expect(afrOtaText({ protocols: ['HTTP'], streamId: undefined, files: [{ ...file, location }] })).toBe(
    '{"afr_ota":{"protocols":["HTTP"],"files":[{"filepath":"/device/updates/fw.bin","filesize":180568,"fileid":0,"certfile":"/strings/ota/cert",' +
      '"fileType":0,"update_data_url":"${aws:iot:s3-presigned-url:https://s3.us-west-2.amazonaws.com/images/v1/fw one.bin}",' +
      '"auth_scheme":"aws.s3.presigned","sig-sha256-ecdsa":"MEQCIF0="}]}}',
  )
})

test('both, in either order, with a version, without a type, RSA over SHA-1', () => {
  const rsa = { ...signature, hash: 'SHA1', algorithm: 'RSA', certificatePath: undefined }
  const files = [{ ...file, fileId: 4, fileName: undefined, fileType: undefined, location: { ...location, version: 'a/b' }, signature: rsa }]
  expect(afrOtaText({ protocols: ['HTTP', 'MQTT'], streamId: STREAM, files })).toBe(
    `{"afr_ota":{"protocols":["MQTT","HTTP"],"streamname":"${STREAM}","files":[{"filepath":"","filesize":180568,"fileid":4,"certfile":"",` +
      '"update_data_url":"${aws:iot:s3-presigned-url-v2:https://s3.us-west-2.amazonaws.com/images/v1/fw%20one.bin%3FversionId%3Da%2Fb}",' +
      '"auth_scheme":"aws.s3.presigned","sig-sha1-rsa":"MEQCIF0="}]}}',
  )
})
