import { expect } from 'vitest'
import { conformance } from './target.ts'
import type { Target } from './target.ts'

/** On AWS a role that may read and write the bucket would have to exist. */
const OPTIONS = { embeddedOnly: true } as const

conformance('Presigned URLs in job documents', ({ behaviour }) => {
  behaviour(
    'every read by a device signs anew; GetJobDocument keeps the placeholder',
    { ...OPTIONS, row: 56, source: '§4.8 [G]' },
    async (target) => {
      const { bucket, s3Url } = await image(target)
      const placeholder = `\${aws:iot:s3-presigned-url:${s3Url}}`
      const { jobId, url } = await job(target, placeholder)
      const first = await url()
      await target.pass(2)
      const second = await url()
      expect(new URL(first).searchParams.get('X-Amz-Date')).not.toBe(new URL(second).searchParams.get('X-Amz-Date'))
      for (const text of [first, second]) expect(await (await fetch(text)).text()).toBe(`image of ${bucket}`)
      expect(JSON.parse((await target.iot.getJobDocument({ jobId })).document!)).toEqual({ url: placeholder })
    },
  )

  behaviour('the second form asks for a version in an encoded suffix', { ...OPTIONS, row: 57, source: '§4.8 [G+]' }, async (target) => {
    const { bucket, s3Url, versionId } = await image(target)
    await target.s3.putObject({ Bucket: bucket, Key: 'fw/app 1.bin', Body: 'newer' })
    const { url } = await job(target, `\${aws:iot:s3-presigned-url-v2:${s3Url.replace(' ', '%20')}%3FversionId%3D${versionId}}`)
    const text = await url()
    expect(new URL(text).searchParams.get('versionId')).toBe(versionId)
    expect(await (await fetch(text)).text()).toBe(`image of ${bucket}`)
    expect((await fetch(text.replace(versionId, 'null'))).status).toBe(403)
  })

  behaviour('the first form has an alias, and its URL is plain text', { ...OPTIONS, source: '§4.8 [G+]' }, async (target) => {
    const { bucket } = await image(target)
    const { url } = await job(target, `\${aws:iot:s3-presigned-url-v1:https://${bucket}.s3.${target.region}.amazonaws.com/fw/app 1.bin}`)
    expect(await (await fetch(await url())).text()).toBe(`image of ${bucket}`)
  })

  behaviour('a URL that has expired says when, in XML', { ...OPTIONS, row: 58, source: '§9.4' }, async (target) => {
    const { s3Url } = await image(target)
    const { url } = await job(target, `\${aws:iot:s3-presigned-url:${s3Url}}`, 60)
    const text = await url()
    expect((await fetch(text)).status).toBe(200)
    await target.pass(62)
    const expired = await fetch(text)
    expect(expired.status).toBe(403)
    expect(expired.headers.get('content-type')).toBe('application/xml')
    const body = await expired.text()
    expect(body).toMatch(/<Code>AccessDenied<\/Code><Message>Request has expired<\/Message>/)
    expect(body).toMatch(/<X-Amz-Expires>60<\/X-Amz-Expires>.*<Expires>[\dT:-]+Z<\/Expires>.*<ServerTime>[\dT:-]+Z<\/ServerTime>/)
  })

  behaviour('a URL for GET does not do for HEAD', { ...OPTIONS, row: 59, source: '§9.4' }, async (target) => {
    const { s3Url } = await image(target)
    const { url } = await job(target, `\${aws:iot:s3-presigned-url:${s3Url}}`)
    expect((await fetch(await url(), { method: 'HEAD' })).status).toBe(403)
    const put = await fetch(await url(), { method: 'PUT', body: 'x' })
    expect([put.status, /<Code>(\w+)<\/Code>/.exec(await put.text())?.[1]]).toEqual([403, 'SignatureDoesNotMatch'])
  })

  behaviour('an upload goes to a key of the execution', { ...OPTIONS, source: '§4.8 [G+]' }, async (target) => {
    const { bucket } = await image(target)
    const key = 'logs/${thingName}/${jobId}-${executionNumber}.txt'
    const { jobId, thing, url } = await job(target, `\${aws:iot:s3-presigned-url-upload:https://s3.${target.region}.amazonaws.com/${bucket}/${key}}`)
    const text = await url()
    expect((await fetch(text, { method: 'PUT', body: 'all is well' })).status).toBe(200)
    const stored = await target.s3.getObject({ Bucket: bucket, Key: `logs/${thing}/${jobId}-1.txt` })
    expect(await stored.Body!.transformToString()).toBe('all is well')
    expect((await fetch(text)).status).toBe(403)
  })

  behaviour('the HTTPS data plane gets real URLs too', { ...OPTIONS, source: '§4.8 [I]' }, async (target) => {
    const { bucket, s3Url } = await image(target)
    const { jobId, thing } = await job(target, `\${aws:iot:s3-presigned-url:${s3Url}}`)
    const { execution } = await target.jobs.describeJobExecution({ thingName: thing, jobId })
    expect(await (await fetch(JSON.parse(execution!.jobDocument!).url)).text()).toBe(`image of ${bucket}`)
  })

  behaviour('ten placeholders are the most, and they need a role', { ...OPTIONS, source: '§4.8 [Q19]' }, async (target) => {
    const { s3Url } = await image(target)
    const { arn } = await target.thing()
    const document = (count: number) => JSON.stringify({ urls: Array.from({ length: count }, () => `\${aws:iot:s3-presigned-url:${s3Url}}`) })
    const presignedUrlConfig = { roleArn: role(target) }
    const create = (members: object) => target.iot.createJob({ jobId: target.name('job'), targets: [arn], ...members })
    await expect(create({ document: document(11), presignedUrlConfig })).rejects.toMatchObject({ name: 'InvalidRequestException' })
    await expect(create({ document: document(1) })).rejects.toMatchObject({ name: 'InvalidRequestException' })
    await create({ document: document(10), presignedUrlConfig })
  })
})

/** An object in a bucket with versions. */
async function image(target: Target): Promise<{ bucket: string; s3Url: string; versionId: string }> {
  const bucket = await target.bucket()
  await target.s3.putBucketVersioning({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } })
  const { VersionId } = await target.s3.putObject({ Bucket: bucket, Key: 'fw/app 1.bin', Body: `image of ${bucket}` })
  return { bucket, s3Url: `https://s3.${target.region}.amazonaws.com/${bucket}/fw/app 1.bin`, versionId: VersionId! }
}

/** A job with one placeholder, and the URL that its thing gets when it asks. */
async function job(target: Target, placeholder: string, expiresInSec = 3600) {
  const thing = await target.thing()
  const device = await target.device({ clientId: thing.name })
  const jobId = target.name('job')
  const presignedUrlConfig = { roleArn: role(target), expiresInSec }
  await target.iot.createJob({ jobId, targets: [thing.arn], document: JSON.stringify({ url: placeholder }), presignedUrlConfig })
  const url = async (): Promise<string> => {
    return (await device.request(`$aws/things/${thing.name}/jobs/$next/get`)).payload.execution.jobDocument.url
  }
  return { jobId, thing: thing.name, url }
}

function role(target: Target): string {
  return `arn:aws:iam::${target.account}:role/fleetsim-signer`
}
