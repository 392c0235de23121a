import { expect, test } from 'vitest'
import { addressOf, parseObjectUrl } from '../../../src/cloud/s3/address.ts'

const doors = { url: 'http://127.0.0.1:4610', tlsEndpoint: '127.0.0.1:4443' }

const urls: [string, string, object | undefined][] = [
  ['path style with a region', 'https://s3.eu-central-1.amazonaws.com/fw/app.bin', { bucket: 'fw', key: 'app.bin', region: 'eu-central-1' }],
  ['the old form with a dash', 'https://s3-us-west-2.amazonaws.com/fw/app.bin', { bucket: 'fw', key: 'app.bin', region: 'us-west-2' }],
  ['without a region', 'https://s3.amazonaws.com/fw/a/b.bin', { bucket: 'fw', key: 'a/b.bin' }],
  ['virtual-hosted', 'https://fw.s3.us-gov-west-1.amazonaws.com/app.bin', { bucket: 'fw', key: 'app.bin', region: 'us-gov-west-1' }],
  ['virtual-hosted, a bucket with a dot', 'https://my.fw.s3.amazonaws.com/app.bin', { bucket: 'my.fw', key: 'app.bin' }],
  ['the s3 scheme', 's3://fw/app.bin', { bucket: 'fw', key: 'app.bin' }],
  ["the cloud's own", `${doors.url}/fw/app.bin`, { bucket: 'fw', key: 'app.bin' }],
  ["the cloud's own, through TLS", 'https://127.0.0.1:4443/fw/app.bin', { bucket: 'fw', key: 'app.bin' }],
  ['an encoded key', 'https://s3.amazonaws.com/fw/app%20v1%2B.bin', { bucket: 'fw', key: 'app v1+.bin' }],
  ['a plain percent sign', 'https://s3.amazonaws.com/fw/100%.bin', { bucket: 'fw', key: '100%.bin' }],
  ['a version, encoded', 'https://s3.amazonaws.com/fw/app.bin%3FversionId%3Dabc', { bucket: 'fw', key: 'app.bin', versionId: 'abc' }],
  ['a version, plain', 'https://s3.amazonaws.com/fw/app.bin?versionId=abc', { bucket: 'fw', key: 'app.bin', versionId: 'abc' }],
  ['no key', 'https://s3.amazonaws.com/fw', undefined],
  ['an empty key', 'https://s3.amazonaws.com/fw/', undefined],
  ['another host', 'https://example.com/fw/app.bin', undefined],
  ['no URL', 'app.bin', undefined],
]

test.each(urls)('an object URL: %s', (_, url, expected) => {
  expect(parseObjectUrl(url, doors)).toEqual(expected)
})

const requests: [string, string, string, object][] = [
  ['the account', '/', '127.0.0.1:4610', { bucket: '', key: '' }],
  ['a bucket', '/fw', '127.0.0.1:4610', { bucket: 'fw', key: '' }],
  ['a bucket with a slash', '/fw/', '127.0.0.1:4610', { bucket: 'fw', key: '' }],
  ['a key', '/fw/a//b%20c+d', '127.0.0.1:4610', { bucket: 'fw', key: 'a//b c+d' }],
  ['a key with dots', '/fw/../x', '127.0.0.1:4610', { bucket: 'fw', key: '../x' }],
  ['a bucket in the host', '/a/b', 'fw.localhost:4610', { bucket: 'fw', key: 'a/b' }],
  ["a bucket in AWS's host", '/a/b', 'fw.s3.eu-west-1.amazonaws.com', { bucket: 'fw', key: 'a/b' }],
  ["AWS's host alone", '/fw/b', 's3.eu-west-1.amazonaws.com', { bucket: 'fw', key: 'b' }],
]

test.each(requests)('a request: %s', (_, path, host, expected) => {
  expect(addressOf(path, host, ['127.0.0.1', 'localhost'])).toEqual(expected)
})

test('a path with broken encoding is refused', () => {
  expect(() => addressOf('/fw/%zz', 'localhost', [])).toThrow(expect.objectContaining({ code: 'InvalidURI' }))
})
