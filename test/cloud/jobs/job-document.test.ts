import { describe, expect, test } from 'vitest'
import { UPLOAD_KEY } from '../../../src/cloud/jobs/choices.ts'
import { JobDocument } from '../../../src/cloud/jobs/job-document.ts'
import { FakeCloud } from '../fake-context.ts'

const S3 = 'https://s3.eu-west-1.amazonaws.com/b/k'
const READER = { job: { id: 'j' }, thing: { name: 't' }, number: 3 }
const ROLE = { roleArn: 'arn:aws:iam::123456789012:role/signer', expiresInSec: 120 }
const placeholder = (form: string, url = S3): string => `\${aws:iot:s3-presigned-url${form}:${url}}`

describe('the URLs that a document asks for', () => {
  test.each([
    ['none', '{"a":"${name}"}', []],
    ['the first form', `{"u":"${placeholder('')}"}`, [S3]],
    ['its alias', `{"u":"${placeholder('-v1')}"}`, [S3]],
    ['the second form', `{"u":"${placeholder('-v2')}"}`, [S3]],
    ['row 57: the second form with a version', `{"u":"${placeholder('-v2', `${S3}%3FversionId%3Dabc`)}"}`, [`${S3}?versionId=abc`]],
    ['the first form holds plain text', `{"u":"${placeholder('', `${S3} %20`)}"}`, [`${S3}%20%2520`]],
    ['the second form holds an encoded URL', `{"u":"${placeholder('-v2', `${S3}%20`)}"}`, [`${S3}%20`]],
    ['an upload', `{"u":"${placeholder('-upload', `${S3}/\${thingName}`)}"}`, [`${S3}/\${thingName}`]],
    [
      'an upload without a key',
      `{"u":"${placeholder('-upload', 'https://s3.eu-west-1.amazonaws.com/b')}"}`,
      [`https://s3.eu-west-1.amazonaws.com/b/${UPLOAD_KEY}`],
    ],
    ['two in one string', `{"u":"${placeholder('')} ${placeholder('')}2"}`, [S3, S3]],
    ['escaped slashes', `{"u":"${placeholder('', S3.replaceAll('/', '\\/'))}"}`, [S3]],
  ])('%s', (_title, text, urls) => {
    expect(new JobDocument(text).placeholders.map(({ url }) => url)).toEqual(urls)
    expect(new JobDocument(text).problem).toBeUndefined()
  })

  test.each([
    ['eleven placeholders', JSON.stringify(Array.from({ length: 11 }, () => placeholder('')))],
    ['three things in the key of an upload', `{"u":"${placeholder('-upload', `${S3}/${'${thingName}'.repeat(3)}`)}"}`],
    ['a thing in the bucket of an upload', `{"u":"${placeholder('-upload', 'https://s3.eu-west-1.amazonaws.com/b-${thingName}/k')}"}`],
    ['another word in the key of an upload', `{"u":"${placeholder('-upload', `${S3}/\${thing}`)}"}`],
    ['an upload without a URL', '{"u":"${aws:iot:s3-presigned-url-upload}"}'],
    ['a package', '{"u":"${aws:iot:package:a:version:1:artifact:s3-presigned-url}"}'],
  ])('%s is a problem', (_title, text) => {
    expect(new JobDocument(text).problem).toBeDefined()
  })

  test('the text of a device is valid JSON whatever the URL holds, and lives as long as its second', () => {
    const document = new JobDocument(`{ "u": "${placeholder('')}", "n": 1.0 }`)
    let signed = 0
    const presign = (url: string, seconds: number) => `${url}?"\\&n=${++signed}&s=${seconds}`
    expect(document.forDevice(presign, 60, 1, READER)).toBe(`{ "u": "${S3}?\\"\\\\&n=1&s=60", "n": 1.0 }`)
    expect(document.forDevice(presign, 60, 1, READER)).toContain('n=1&')
    expect(document.forDevice(presign, 60, 2, READER)).toContain('n=2&')
    expect(document.forDevice(presign, 90, 2, READER)).toContain('n=3&s=90')
  })
})

test('row 56: every read signs anew, GetJobDocument shows the placeholder', () => {
  const cloud = new FakeCloud()
  cloud.registry.things.add('t')
  const document = `{"location":{"url":"${placeholder('')}"}}`
  cloud.createJob('j', ['t'], { document, presignedUrlConfig: ROLE })
  const url = () => cloud.device('t', '$next/get').body.execution.jobDocument.location.url
  const first = url()
  cloud.clock.run(2000)
  const second = url()
  expect(first).toBe('http://s3.test/b/k?X-Amz-Date=1700000000&X-Amz-Expires=120')
  expect(second).toBe('http://s3.test/b/k?X-Amz-Date=1700000002&X-Amz-Expires=120')
  expect(cloud.device('t', 'start-next').body.execution.jobDocument.location.url).toBe(second)
  expect(cloud.iot('GetJobDocument', { jobId: 'j' })).toEqual({ document })
})

test('every execution uploads to a key of its own', () => {
  const cloud = new FakeCloud()
  cloud.registry.addGroup('g', ['a', 'b'])
  const document = JSON.stringify({ log: placeholder('-upload', `${S3}/\${jobId}/\${thingName}-\${executionNumber}.log`) })
  cloud.createJob('j', ['g'], { document, presignedUrlConfig: ROLE })
  const path = (thing: string) => new URL(cloud.device(thing, '$next/get').body.execution.jobDocument.log).pathname
  expect([path('a'), path('b')]).toEqual(['/b/k/j/a-1.log', '/b/k/j/b-1.log'])
})
