import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { VirtualClock } from '../../src/clock/virtual.ts'
import { Cloud } from '../../src/cloud/cloud.ts'
import { startHttpServer } from '../../src/cloud/http/server.ts'
import { describeWith } from '../peer.ts'

const CLI_TIMEOUT_MS = 60_000

const credentials = { accessKeyId: 'AKIAFLEETSIM', secretAccessKey: 'sesame' }
/** Larger than the 8 MB from which the CLI uploads in parts and downloads in ranges. */
const image = randomBytes(9_000_000)

let folder: string
let endpoint: string
let close: () => Promise<void>

describeWith('AWS CLI', 'the AWS CLI against the cloud', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fleetsim-cli-'))
    await writeFile(join(folder, 'app.bin'), image)
    await writeFile(join(folder, 'v4'), '[default]\ns3 =\n  signature_version = s3v4\n')
    // The CLI never follows the URLs of this cloud, so that any will do.
    const cloud = new Cloud({ clock: new VirtualClock(Date.now()), credentials, url: 'http://127.0.0.1:1', mqttEndpoint: '127.0.0.1:1883' })
    const server = await startHttpServer(cloud, { host: '127.0.0.1', port: 0 })
    endpoint = `http://127.0.0.1:${server.port}`
    close = () => server.close()
  })

  afterAll(async () => {
    await close()
    await rm(folder, { recursive: true })
  })

  test('iot: a thing, a group, tags and an error', { timeout: CLI_TIMEOUT_MS }, async () => {
    expect(await iot('create-thing', '--thing-name', 'room:1')).toMatchObject({ thingArn: 'arn:aws:iot:eu-central-1:123456789012:thing/room:1' })
    await iot('create-thing-group', '--thing-group-name', 'rooms', '--tags', 'Key=stage,Value=test')
    await iot('add-thing-to-thing-group', '--thing-name', 'room:1', '--thing-group-name', 'rooms')
    expect(await iot('list-things-in-thing-group', '--thing-group-name', 'rooms')).toEqual({ things: ['room:1'] })
    const { thingGroupArn } = (await iot('describe-thing-group', '--thing-group-name', 'rooms')) as { thingGroupArn: string }
    expect(await iot('list-tags-for-resource', '--resource-arn', thingGroupArn)).toEqual({ tags: [{ Key: 'stage', Value: 'test' }] })
    await expect(iot('describe-thing', '--thing-name', 'none')).rejects.toThrow(
      '(ResourceNotFoundException) when calling the DescribeThing operation',
    )
  })

  test('s3: an image goes up in parts, comes down in ranges, and is listed', { timeout: CLI_TIMEOUT_MS }, async () => {
    await aws('s3', 'mb', 's3://firmware')
    await aws('s3', 'cp', '--no-progress', join(folder, 'app.bin'), 's3://firmware/my images/app.bin')
    await aws('s3', 'cp', '--no-progress', 's3://firmware/my images/app.bin', join(folder, 'back.bin'))
    expect(image.equals(await readFile(join(folder, 'back.bin')))).toBe(true)
    expect(await aws('s3', 'ls', 's3://firmware', '--recursive')).toContain('9000000 my images/app.bin')
  })

  test.each(['default', 'v4'])('s3 presign, signature version: %s', { timeout: CLI_TIMEOUT_MS }, async (config) => {
    const bucket = `s3://presigned-${config}`
    await aws('s3', 'mb', bucket)
    await aws('s3', 'cp', '--no-progress', join(folder, 'v4'), `${bucket}/a file`)
    const url = (await run({ AWS_CONFIG_FILE: join(folder, config) }, ['s3', 'presign', `${bucket}/a file`])).trim()
    const answer = await fetch(url, { headers: { range: 'bytes=0-8' } })
    expect([answer.status, await answer.text()]).toEqual([206, '[default]'])
  })
})

async function iot(...args: string[]): Promise<unknown> {
  const output = await aws('iot', ...args, '--output', 'json')
  return output === '' ? undefined : (JSON.parse(output) as unknown)
}

const aws = (...args: string[]) => run({ AWS_CONFIG_FILE: join(folder, 'default') }, args)

async function run(environment: Record<string, string>, args: string[]): Promise<string> {
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_DEFAULT_REGION: 'eu-central-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    ...environment,
  }
  return (await promisify(execFile)('aws', ['--endpoint-url', endpoint, ...args], { env })).stdout
}
