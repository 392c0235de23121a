import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { connectAsync } from 'mqtt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { LocalCa } from '../../src/cloud/certificates/local-ca.ts'
import { describeWith } from '../peer.ts'
import { CREDENTIALS, REGION, TlsWorld } from './tls-world.ts'

/** The AWS CLI over HTTPS, with the cloud's authority: one address for everything, as DescribeEndpoint tells it. */
describeWith('AWS CLI', 'the AWS CLI over HTTPS', () => {
  let world: TlsWorld

  beforeAll(async () => {
    world = await TlsWorld.open()
  })
  afterAll(() => world?.close())

  async function aws(line: string, endpoint = world.running.tls!.httpsUrl, caBundle = world.caFile): Promise<string> {
    const env = {
      PATH: process.env['PATH']!,
      HOME: world.folder,
      AWS_CA_BUNDLE: caBundle,
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      AWS_DEFAULT_REGION: REGION,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_PAGER: '',
    }
    const args = ['--endpoint-url', endpoint, '--output', 'text', ...line.split(' ')]
    return (await promisify(execFile)('aws', args, { env, cwd: world.folder })).stdout.trim()
  }

  test('one address is told for all endpoint types, and serves them all', async () => {
    const { host, port } = new URL(world.running.tls!.httpsUrl)
    for (const type of ['iot:Data-ATS', 'iot:Jobs', 'iot:CredentialProvider'])
      expect(await aws(`iot describe-endpoint --endpoint-type ${type}`)).toBe(host)
    await aws('iot create-thing --thing-name t1')
    await aws('iot create-job --job-id j1 --targets arn:aws:iot:us-east-1:123456789012:thing/t1 --document {}')
    expect(await aws('iot-jobs-data get-pending-job-executions --thing-name t1', `https://${host}`)).toMatch(/^QUEUEDJOBS\t.*\bj1\b/)
    const { cert, key } = await world.identity()
    const device = await connectAsync({
      protocol: 'mqtts',
      host: '127.0.0.1',
      port: Number(port),
      ca: world.running.tls!.caPem,
      cert,
      key,
      ALPNProtocols: ['x-amzn-mqtt-ca'],
    })
    await device.subscribeAsync('news')
    const heard = new Promise<string>((resolve) => device.once('message', (_topic, payload) => resolve(payload.toString())))
    await aws('iot-data publish --topic news --payload aGk=', `https://${host}`)
    expect(['hi', 'aGk=']).toContain(await heard)
    await device.endAsync()
  })

  test('objects go up and down again', async () => {
    writeFileSync(join(world.folder, 'image.bin'), Buffer.alloc(9 * 1024 * 1024, 'firmware'))
    await aws('s3 mb s3://images')
    await aws('s3 cp image.bin s3://images/app --no-progress')
    await aws('s3 cp s3://images/app copy.bin --no-progress')
    await promisify(execFile)('cmp', [join(world.folder, 'image.bin'), join(world.folder, 'copy.bin')])
    expect(await aws('s3api head-object --bucket images --key app --query ContentLength')).toBe(String(9 * 1024 * 1024))
  })

  test('who trusts another authority does not get in', async () => {
    const other = join(world.folder, 'other.pem')
    writeFileSync(other, LocalCa.inMemory(Date.now).certificatePem)
    await expect(aws('iot list-things', world.running.tls!.httpsUrl, other)).rejects.toThrow(/certificate verify failed/i)
  })
})
