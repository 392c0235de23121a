import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeWith } from '../peer.ts'
import { readmeBlocks } from '../readme.ts'
import { ROOT, textOf } from '../sources.ts'
import { Program } from './program.ts'

// The commands of the README, run with the build. Installing, testing and Docker are for .ci/run and for the person who reads it; test/e2e/bench.test.ts tries
// the bench with fewer devices.

const ELSEWHERE = ['npm ci && npm test', 'docker compose up --build', 'npm run bench -- fleet --devices 100000']
/** Runs that take long are tried with a smaller fleet or in virtual time. */
const RUNS: Readonly<Record<string, readonly string[]>> = {
  'npm ci && npx fleetsim run scenarios/exponential.yaml': ['--set', 'fleet.trackers.count=40', '--set', 'fleet.gators.count=20'],
  'npx fleetsim run scenarios/exponential.yaml --speed max --seed 7': [],
  'npx fleetsim run scenarios/million.yaml': ['--set', 'fleet.trackers.count=2000'],
}
const CLOUD = 'npx fleetsim cloud'
/** They need an account: test/e2e/run-aws.test.ts does the same against the embedded cloud. */
const IN_AN_ACCOUNT =
  'npx fleetsim run scenarios/constant-rate.yaml --cloud aws --region eu-west-1 --max-cost 5 --set fleet.trackers.count=50\nnpx fleetsim clean'

let results: string
beforeAll(() => {
  results = mkdtempSync(join(tmpdir(), 'fleetsim-readme-'))
})
afterAll(() => rmSync(results, { recursive: true }))

const blocks = readmeBlocks('sh').map((block) => block.trim())
const clientLines = blocks.find((block) => block.startsWith('export AWS_ACCESS_KEY_ID'))!
const certificateLines = blocks.find((block) => block.includes('create-keys-and-certificate'))!

test('every command is one of those that are tried', () => {
  expect(blocks.toSorted()).toEqual([...ELSEWHERE, ...Object.keys(RUNS), CLOUD, IN_AN_ACCOUNT, clientLines, certificateLines].toSorted())
})

test.each(Object.entries(RUNS))('%s', async (command, shortened) => {
  const args = command.replace(/^.*npx fleetsim /, '').split(' ')
  const output = await run(...args, ...shortened)
  expect(output).toMatch(/\n {2}Exit 0: all 3 thresholds met/)
})

test('the scenario', async () => {
  const file = join(results, 'careful.yaml')
  writeFileSync(file, readmeBlocks('yaml')[0]!)
  expect(await run('run', file, '--speed', 'max')).toContain('Exit 0: all 3 thresholds met')
})

// Stale? `npx vitest run test/e2e/readme.test.ts -u` writes it anew.
test('the output is what a run prints', async () => {
  const output = await run('run', 'scenarios/exponential.yaml', '--speed', 'max')
  const tables = output.slice(output.indexOf('  █ THRESHOLDS'), output.indexOf('  █ LOAD GENERATOR'))
  const block = `<!-- output: written by test/e2e/readme.test.ts -->\n\`\`\`text\n${tables}  ${/Exit 0: .*/.exec(output)![0]}\n\`\`\`\n<!-- /output -->`
  const fresh = textOf('README.md').replace(/<!-- output: [\s\S]*?<!-- \/output -->/, () => block)
  await expect(fresh).toMatchFileSnapshot('../../README.md')
})

describeWith('AWS CLI', 'the cloud alone, with the AWS CLI', () => {
  describeWith('mosquitto clients', 'and mosquitto', () => {
    test('prints what is to be pasted, and serves the lines of the README', async () => {
      const state = join(results, '.local/state/fleetsim')
      const cloud = new Program([
        'cloud',
        '--state',
        state,
        ...['http', 'mqtt', 'mqtts', 'https', 'device-https'].flatMap((door) => [`--${door}-port`, '0']),
      ])
      try {
        const [, httpPort] = await cloud.printed(/http:\/\/127\.0\.0\.1:(\d+)/)
        const [, mqttPort] = await cloud.printed(/mqtt:\/\/127\.0\.0\.1:(\d+)/)
        const [, mqttsPort] = await cloud.printed(/mqtts:\/\/127\.0\.0\.1:(\d+)/)
        const script = `${clientLines}\nwait\n${certificateLines}`
          .replaceAll(':4610', `:${httpPort}`)
          .replaceAll('-p 1883', `-p ${mqttPort}`)
          .replaceAll('-p 8883', `-p ${mqttsPort}`)
        const env = { PATH: process.env['PATH'], HOME: results, AWS_EC2_METADATA_DISABLED: 'true' }
        const { stdout } = await promisify(execFile)('bash', ['-euc', script], { env, cwd: results })
        expect(stdout).toContain('make_bucket: firmware')
        expect(stdout).toContain('arn:aws:iot:us-east-1:123456789012:job/hello')
        expect(stdout).toMatch(/^\$aws\/things\/tracker-1\/jobs\/notify-next \{.*"operation":"hello".*\}$/m)
        expect(stdout).toMatch(/^\{"timestamp":\d+,"execution":\{"jobId":"hello","status":"IN_PROGRESS".*\}$/m)
      } finally {
        await cloud.stop()
      }
    })
  })
})

describe('init', () => {
  test('writes what it says', async () => {
    const directory = join(results, 'my-rehearsal')
    expect(await fleetsim('init', directory)).toContain('docker-compose.yml')
    expect(await fleetsim('validate', join(directory, 'scenarios/exponential.yaml'))).toContain('exponential')
  })
})

function run(...args: string[]): Promise<string> {
  return fleetsim(...args, '--results-dir', results, '--metrics-port', '0')
}

/** What it printed; rejects when it ended with anything but 0. */
async function fleetsim(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(ROOT, 'dist/main.js'), ...args], { cwd: ROOT, maxBuffer: 1e8 })
  return stdout
}
