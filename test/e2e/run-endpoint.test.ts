import { writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { join } from 'node:path'
import { Aedes } from 'aedes'
import { describe, expect, onTestFinished, test } from 'vitest'
import { temporaryDirectory } from '../scenarios/rehearsed.ts'
import { fleetsim, type Program } from './program.ts'

/** Runs in AWS-compatible clouds that are not fleetsim's own: what they lack is told before anything starts. */

const SCENARIO = `name: small
fleet: { trackers: { kind: tracker, count: 5, firmware: 1.0.0, install: 1s, reboot: 1s, connect: { over: 1s } } }
images: { app: { version: 1.0.1, size: 10KiB } }
rollouts: [job: { targets: [trackers], image: app }]
thresholds: [succeeded >= 100%]
`

describe('a cloud that lacks what a run needs', () => {
  test('is told what, operation by operation', async () => {
    const http = await cloudThat((method, path) => {
      if (path.startsWith('/thing-groups')) return { status: 404, body: '404 page not found' }
      if (path.startsWith('/jobs')) return { status: 501, body: '{"message":"not supported"}' }
      return answerOf(method, path)
    })
    const run = start(`{ endpoint: "${http}", mqtt: "mqtt://127.0.0.1:1" }`)
    expect(await run.ended).toBe(97)
    expect(run.stderr).toContain(`the cloud at ${http} and mqtt://127.0.0.1:1 lacks what this run needs:`)
    expect(run.stderr).toMatch(/^ {2}CreateThingGroup is not there \(the answer is none of AWS\)$/m)
    expect(run.stderr).toMatch(/^ {2}MQTT: a device can't connect to the broker: refused$/m)
    expect(run.output).not.toContain('results in')
  })

  test('one that takes jobs and never rolls them out is found out', async () => {
    const http = await cloudThat(answerOf)
    const run = start(`{ endpoint: "${http}", mqtt: "mqtt://127.0.0.1:${await plainBroker()}" }`)
    expect(await run.ended).toBe(97)
    const lacks = run.stderr.split('\n').filter((line) => line.startsWith('  '))
    expect(lacks[0]).toMatch(/^ {2}jobs over MQTT: nothing answers \$aws\/things\/fleetsim-.*-probe-000000\/jobs\/\$next\/get within 5 s$/)
    expect(lacks[1]).toBe('  jobs: CreateJob is answered, but nothing is rolled out: no execution within 10 s')
    expect(lacks).toHaveLength(2)
  })

  test('one that is not there, too', async () => {
    const run = start('{ endpoint: "http://127.0.0.1:1" }')
    expect(await run.ended).toBe(97)
    expect(run.stderr).toMatch(/where the broker of http:\/\/127\.0\.0\.1:1 is can't be found out: .*ECONNREFUSED.* cloud\.mqtt names it\./)
  })
})

test('a cloud that has everything: fleetsim cloud, by its URL alone', async () => {
  const cloud = fleetsim(['cloud', '--http-port', '0', '--mqtt-port', '0'])
  const [, url] = await cloud.printed(/AWS API {2}(\S+)/)
  const run = start(undefined, ['--cloud', url!], { AWS_ACCESS_KEY_ID: 'FLEETSIM', AWS_SECRET_ACCESS_KEY: 'fleetsim' })
  expect(await run.ended).toBe(0)
  expect(run.output).toContain('notified 5 of 5, 5 succeeded')
  const clean = fleetsim(['clean', '--endpoint', url!], { AWS_ACCESS_KEY_ID: 'FLEETSIM', AWS_SECRET_ACCESS_KEY: 'fleetsim' })
  expect(await clean.ended).toBe(0)
  expect(clean.output).toContain('Nothing is left of any run.')
})

test('only the embedded cloud can hurry', async () => {
  const run = start(undefined, ['--cloud', 'http://127.0.0.1:1', '--speed', '60'])
  expect(await run.ended).toBe(2)
  expect(run.stderr).toContain('--speed: expected 1, or nothing: the cloud at http://127.0.0.1:1 keeps real time, found 60')
})

function start(cloud: string | undefined, args: readonly string[] = [], env: Record<string, string> = {}): Program {
  const directory = temporaryDirectory()
  const scenario = join(directory, 'small.yaml')
  writeFileSync(scenario, cloud === undefined ? SCENARIO : `${SCENARIO}cloud: ${cloud}\n`)
  return fleetsim(['run', scenario, ...args, '--workers', '1', '--metrics-port', '0', '--results-dir', join(directory, 'runs')], env)
}

interface Answer {
  readonly status: number
  readonly body: string
}

/** Takes everything, and does nothing of it. */
function answerOf(method: string, path: string): Answer {
  if (path.startsWith('/thing-groups')) return { status: 200, body: '{"thingGroupArn":"arn:aws:iot:us-east-1:1:thinggroup/probe"}' }
  if (path.startsWith('/jobs/') && method === 'GET' && !path.includes('/things'))
    return deleted.has(path) ? NOT_FOUND : { status: 200, body: '{"job":{}}' }
  if (path.startsWith('/jobs/') && method === 'DELETE') deleted.add(path.replace(/\?.*/, ''))
  return {
    status: 200,
    body: path.includes('versions') ? '<ListVersionsResult></ListVersionsResult>' : method === 'HEAD' || path.startsWith('/fleetsim') ? '' : '{}',
  }
}

const deleted = new Set<string>()
const NOT_FOUND = { status: 404, body: '{"__type":"ResourceNotFoundException","message":"gone"}' }

/** The URL of an HTTP server of this test. */
async function cloudThat(answer: (method: string, path: string) => Answer): Promise<string> {
  const server = createServer((request: IncomingMessage, response) => {
    const { status, body } = answer(request.method!, request.url!)
    request.resume().on('end', () => response.writeHead(status).end(body))
  })
  const port = await new Promise<number>((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${port}`
}

/** The port of a broker that knows nothing of AWS. */
async function plainBroker(): Promise<number> {
  const broker = await Aedes.createBroker()
  const server = createTcpServer(broker.handle.bind(broker))
  onTestFinished(() => {
    broker.close()
    server.close()
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)))
}
