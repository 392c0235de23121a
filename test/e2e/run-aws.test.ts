import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { IoT } from '@aws-sdk/client-iot'
import { S3 } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ScaledClock } from '../../src/clock/scaled.ts'
import { LocalCa } from '../../src/cloud/certificates/local-ca.ts'
import { type RunningCloud, startCloud } from '../../src/cloud/start.ts'
import { RecordedRun } from '../scenarios/recorded-run.ts'
import { temporaryDirectory } from '../scenarios/rehearsed.ts'
import { fleetsim, type Program } from './program.ts'

/**
 * A run in an AWS account, as far as it can be seen without one: the embedded cloud behind TLS in the place of AWS, with nothing but the endpoints
 * changed. Certificates, policies, presigned URLs and the clean-up are those of a run in AWS.
 */

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'

const REGION = 'eu-west-1'
const KEYS = { accessKeyId: 'AKIAFLEETSIM0000TESTS', secretAccessKey: randomBytes(20).toString('hex') }
const SCENARIO = `name: account
fleet: { trackers: { kind: tracker, count: 20, firmware: 1.0.0, install: 1s, reboot: 1s, connect: { over: 1s } } }
images: { app: { version: 1.0.1, size: 8KiB } }
rollouts: [job: { targets: [trackers], image: app }]
thresholds: [succeeded >= 100%, wrong_image == 0]
time: { drain: 20s }
`

let clock: ScaledClock
let cloud: RunningCloud
let caDirectory: string
let caFile: string
let account: { iot: IoT; s3: S3 }
const requests = new Map<string, number>()

beforeAll(async () => {
  clock = ScaledClock.starting(1)
  const ca = LocalCa.inMemory(Date.now)
  cloud = await startCloud({
    clock,
    host: '127.0.0.1',
    httpPort: 0,
    mqttPort: 0,
    credentials: KEYS,
    tls: { ca },
    presignedUrls: 'https',
    onRequest: ({ operation }) => void requests.set(operation, (requests.get(operation) ?? 0) + 1),
  })
  caDirectory = mkdtempSync(join(tmpdir(), 'fleetsim-ca-'))
  caFile = join(caDirectory, 'ca.pem')
  writeFileSync(caFile, cloud.tls!.caPem)
  const config = { endpoint: cloud.httpUrl, region: REGION, credentials: KEYS }
  account = { iot: new IoT(config), s3: new S3({ ...config, forcePathStyle: true }) }
})

afterAll(async () => {
  account.iot.destroy()
  account.s3.destroy()
  clock.stop()
  await cloud.close()
  rmSync(caDirectory, { recursive: true })
})

describe.each(['shared', 'per-device'])('with certificates %s', (certificates) => {
  test('20 trackers roll an image out over mutual TLS and HTTPS, and nothing is left', async () => {
    requests.clear()
    const { run, resultsDir } = start(certificates, ['--yes'])
    expect(await run.ended, run.output).toBe(0)
    const { summary, journal } = RecordedRun.in(resultsDir)
    expect(summary.run).toMatchObject({ world: 'aws', speed: 1, end: 'completed' })
    expect(summary.outcomes.all).toMatchObject({ targets: 20, succeeded: 20, wrong_image: 0 })
    expect(requests.get('CreateThing')).toBe(20)
    expect(requests.get('CreateKeysAndCertificate')).toBe(certificates === 'shared' ? 1 : 20)
    // Bucket, image, job, group; things, certificates and the policy.
    const resources = 4 + 20 + (certificates === 'shared' ? 1 : 20) + 1
    expect(journal.find(({ type }) => type === 'cloud-removed')).toMatchObject({ resources })
    expect(await everything()).toEqual([])
  })
})

test('endpoints may come from the environment, as for the tools of AWS', async () => {
  const run = fleetsim(['run', scenarioFile('cloud: aws'), ...OPTIONS, '--results-dir', join(temporaryDirectory(), 'runs'), '--yes'], {
    ...ENVIRONMENT(),
    AWS_REGION: REGION,
    AWS_ENDPOINT_URL: cloud.tls!.httpsUrl,
    NODE_EXTRA_CA_CERTS: caFile,
  })
  expect(await run.ended, run.output).toBe(0)
  // The port of HTTPS, where MQTT is asked for by ALPN.
  expect(run.output).toContain(`mqtts://${new URL(cloud.tls!.httpsUrl).host}`)
  expect(await everything()).toEqual([])
})

describe('before it starts', () => {
  test('it tells what it will do and cost, and does not start where nobody can be asked', async () => {
    const { run } = start('shared', [])
    expect(await run.ended).toBe(2)
    for (const line of [
      /^ {2}devices {3}20, one certificate for all$/m,
      /^ {2}set-up {4}about 2\.5s: .*CreateThing 20, AttachThingPrincipal 20, AddThingToThingGroup 20/m,
      /^ {2}cost {6}about \$0\.06: an estimate from the prices of us-east-1 as of \d{4}-\d\d, without any free tier$/m,
      /IoT jobs, remote actions: 20$/m,
    ])
      expect(run.output).toMatch(line)
    expect(run.stderr).toContain('there is no terminal to ask at: --yes starts it. Nothing was made.')
    expect(await everything()).toEqual([])
  })

  test('and not when it would cost too much', async () => {
    const { run } = start('shared', ['--yes', '--max-cost', '0.05'])
    expect(await run.ended).toBe(2)
    expect(run.stderr).toContain('the run would cost about $0.06, more than --max-cost 0.05. Nothing was made.')
    expect(await everything()).toEqual([])
  })
})

describe('a run that is killed', () => {
  test.each([
    ['while it makes things', /results in/, 5],
    ['in the middle of its rollout', /[1-9]\d* in progress/, 20],
  ])('%s: clean lists what it left, removes it, and nothing else', async (_when, moment, thingsAtLeast) => {
    await account.iot.createThing({ thingName: 'pump-1' })
    const { run, resultsDir } = start('shared', ['--yes', '--set', 'fleet.trackers.install=30s'])
    await run.printed(moment)
    await until(async () => (await account.iot.listThings({ maxResults: 250 })).things!.length > thingsAtLeast)
    await run.stop()
    const [, runId] = /fleetsim clean --run (\S+)/.exec(run.output)!

    const clean = (...args: string[]) => fleetsim(['clean', '--results-dir', resultsDir, ...args], ENVIRONMENT())
    const listing = clean('--run', runId!)
    expect(await listing.ended).toBe(0)
    expect(listing.output).toMatch(new RegExp(`^ {2}thing-group {2}1: fleetsim-${runId}-trackers$`, 'm'))
    expect(listing.output).toMatch(/^ {2}certificate {2}1: [0-9a-f]{64}$/m)
    expect(listing.output).toContain('Nothing was removed.')
    expect((await everything()).length).toBeGreaterThan(thingsAtLeast)

    const removal = clean('--run', runId!, '--yes')
    expect(await removal.ended, removal.output).toBe(0)
    expect(await everything()).toEqual(['pump-1'])
    const again = clean('--run', runId!, '--yes')
    expect(await again.ended).toBe(0)
    expect(again.output).toContain(`Nothing is left of run ${runId}.`)
    await account.iot.deleteThing({ thingName: 'pump-1' })
  })
})

test.each([
  [['--run', 'seed-42'], '--run: expected the id of a run in an account such as mhk3z9d1-4f2a1b, found seed-42'],
  [['--yes'], '--yes: expected --run ID or --all with it, so that nothing of others is removed'],
  [['--run', 'mhk3z9d1-4f2a1b', '--all'], '--run and --all: expected one of them, found both'],
])('fleetsim clean %j is a slip', async (args, message) => {
  const clean = fleetsim(['clean', ...args])
  expect(await clean.ended).toBe(2)
  expect(clean.stderr).toContain(message)
})

const OPTIONS = ['--workers', '1', '--metrics-port', '0']
const ENVIRONMENT = () => ({ AWS_ACCESS_KEY_ID: KEYS.accessKeyId, AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey })

function start(certificates: string, args: readonly string[]): { run: Program; resultsDir: string } {
  const { httpsUrl, mqttsPort } = cloud.tls!
  const endpoints = `{ iot: "${httpsUrl}", s3: "${httpsUrl}", mqtt: "mqtts://127.0.0.1:${mqttsPort}", ca: "${caFile}" }`
  const resultsDir = join(temporaryDirectory(), 'runs')
  const file = scenarioFile(`cloud: { aws: { region: ${REGION}, certificates: ${certificates}, endpoints: ${endpoints} } }`)
  return { run: fleetsim(['run', file, ...OPTIONS, '--results-dir', resultsDir, ...args], ENVIRONMENT()), resultsDir }
}

function scenarioFile(line: string): string {
  const file = join(temporaryDirectory(), 'account.yaml')
  writeFileSync(file, `${SCENARIO}${line}\n`)
  return file
}

/** Names of all that there is in the account. */
async function everything(): Promise<string[]> {
  const { iot, s3 } = account
  const page = { maxResults: 250 }
  const lists = await Promise.all([
    iot.listThings(page).then(({ things }) => things!.map(({ thingName }) => thingName)),
    iot.listThingGroups(page).then(({ thingGroups }) => thingGroups!.map(({ groupName }) => groupName)),
    iot.listJobs(page).then(({ jobs }) => jobs!.map(({ jobId }) => jobId)),
    iot.listCertificates({ pageSize: 250 }).then(({ certificates }) => certificates!.map(({ certificateId }) => certificateId)),
    iot.listPolicies({ pageSize: 250 }).then(({ policies }) => policies!.map(({ policyName }) => policyName)),
    s3.listBuckets({}).then(({ Buckets }) => (Buckets ?? []).map(({ Name }) => Name)),
  ])
  return lists.flat().map(String)
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 50))
}
