import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CloudProgram } from './cloud-program.ts'
import { Acknowledged, BUCKET, clientsOf, DEVICE, writeUntilGone } from './cloud-writers.ts'
import type { Clients } from './cloud-writers.ts'
import { Program } from './program.ts'

/** `fleetsim cloud --data`: what it acknowledged is there when it starts again, whatever ended it. */

const ROUNDS = 20
const LONGEST_ROUND_MS = 600
const IN_PARALLEL = 20

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetsim-data-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

test(`what was acknowledged survives kill -9, ${ROUNDS} times at any moment`, { timeout: 180_000 }, async () => {
  const known = new Acknowledged()
  await withCloud(async ({ iot, s3 }) => {
    await s3.createBucket({ Bucket: BUCKET })
    await iot.createThing({ thingName: DEVICE })
  })
  for (let round = 0; round < ROUNDS; round += 1) {
    const latest = new Acknowledged()
    latest.shadow = known.shadow
    await withCloud(async (clients, cloud) => {
      const written = writeUntilGone(clients, latest, round, cloud.program.ended)
      await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * LONGEST_ROUND_MS))
      await cloud.program.stop()
      await written
    })
    await withCloud((clients) => check(clients, latest))
    merge(known, latest)
  }
  await withCloud((clients) => check(clients, known))
  const { things, objects, jobs, executions, retained, shadow } = known
  const counts = `${things.size} things, ${objects.size} objects, ${jobs.size} jobs, ${executions.size} executions, ${retained.size} retained messages, ${shadow.version} shadow updates`
  console.log(`${ROUNDS} times kill -9; all of it there: ${counts}`)
  for (const kind of [things, objects, jobs, executions, retained]) expect(kind.size).toBeGreaterThan(ROUNDS)
  expect(shadow.version).toBeGreaterThan(ROUNDS)
})

describe('the folder', () => {
  test('keeps everything over Ctrl-C, --reset empties it, and so does the reset of the admin path', async () => {
    const buckets = async () => withCloud(async ({ s3 }) => (await s3.listBuckets({})).Buckets?.map(({ Name }) => Name))
    await withCloud(async ({ s3 }, { program }) => {
      await s3.createBucket({ Bucket: BUCKET })
      expect(await program.interrupt()).toBe(0)
    })
    expect(await buckets()).toEqual([BUCKET])
    await withCloud(async ({ s3 }, { httpUrl }) => {
      expect((await fetch(`${httpUrl}/_fleetsim/reset`, { method: 'POST' })).status).toBe(200)
      await s3.createBucket({ Bucket: 'after-the-reset' })
    })
    expect(await buckets()).toEqual(['after-the-reset'])
    await withCloud(async ({ s3 }) => expect((await s3.listBuckets({})).Buckets ?? []).toEqual([]), '--reset')
  })

  test('is said at the start, and belongs to one cloud', async () => {
    await withCloud(async (_, { program }) => {
      expect(program.output).toContain(`Everything is kept in ${folder}. Ctrl-C ends it.\n`)
      const second = new Program(['cloud', '--http-port', '0', '--mqtt-port', '0', '--data', folder])
      expect(await second.ended).toBe(2)
      expect(second.output).toMatch(/fleetsim: \S+ is in use by process \d+\. Stop it, or choose another folder with --data\.\n$/)
    })
  })

  test.each([
    ['that is a file', ['--data', 'FILE'], /^fleetsim: The folder \S+ of --data can't be written: EEXIST.*\n$/m],
    ['that is missing with --reset', ['--reset'], /^fleetsim: --reset empties the folder of --data: say which one\.\n$/m],
    ['limits that are none', ['--limits', 'FILE'], /^fleetsim: Limits: expected off, aws-default, or a file with rates; .*\n$/m],
  ])('%s ends it with one line', async (_, args, message) => {
    writeFileSync(join(folder, 'file'), 'no limits')
    const program = new Program([
      'cloud',
      '--http-port',
      '0',
      '--mqtt-port',
      '0',
      ...args.map((arg) => (arg === 'FILE' ? join(folder, 'file') : arg)),
    ])
    expect(await program.ended).toBe(2)
    expect(program.stderr).toMatch(message)
  })
})

/** Starts a cloud over the folder, and ends it with kill -9. */
async function withCloud<T>(act: (clients: Clients, cloud: CloudProgram) => Promise<T>, ...args: string[]): Promise<T> {
  const cloud = await CloudProgram.start('--data', folder, ...args)
  const clients = clientsOf(cloud)
  try {
    return await act(clients, cloud)
  } finally {
    clients.close()
    await cloud.program.stop()
  }
}

function merge(known: Acknowledged, latest: Acknowledged): void {
  for (const [name, n] of latest.things) known.things.set(name, n)
  for (const [key, bytes] of latest.objects) known.objects.set(key, bytes)
  for (const job of latest.jobs) known.jobs.add(job)
  for (const [job, execution] of latest.executions) known.executions.set(job, execution)
  for (const [topic, payload] of latest.retained) known.retained.set(topic, payload)
  known.shadow = latest.shadow
}

async function check({ iot, data, s3 }: Clients, known: Acknowledged): Promise<void> {
  await each(known.things, async ([thingName, n]) => {
    const thing = await iot.describeThing({ thingName }).catch((error: Error) => error.name)
    if (n === undefined) expect(thing).toBe('ResourceNotFoundException')
    else expect(thing).toMatchObject({ attributes: { n } })
  })
  await each(known.objects, async ([Key, bytes]) => {
    const { Body } = await s3.getObject({ Bucket: BUCKET, Key })
    expect(Buffer.compare(await Body!.transformToByteArray(), bytes)).toBe(0)
  })
  await each(known.jobs, async (jobId) => expect((await iot.describeJob({ jobId })).job!.targets).toHaveLength(1))
  await each(known.executions, async ([jobId, { status, versionNumber, step }]) => {
    const { execution } = await iot.describeJobExecution({ jobId, thingName: DEVICE })
    expect(execution!.versionNumber).toBeGreaterThanOrEqual(versionNumber)
    if (execution!.versionNumber !== versionNumber) return
    expect([execution!.status, execution!.statusDetails?.detailsMap?.['step'] ?? '']).toEqual([status, step])
  })
  await each(known.retained, async ([topic, message]) => {
    const { payload } = await data.getRetainedMessage({ topic })
    expect(Buffer.from(payload!).toString()).toBe(message)
  })
  if (known.shadow.version === 0) return
  const { payload } = await data.getThingShadow({ thingName: DEVICE })
  const shadow = JSON.parse(Buffer.from(payload!).toString())
  expect(shadow.version).toBeGreaterThanOrEqual(known.shadow.version)
  expect(shadow.state.reported.n).toBeGreaterThanOrEqual(known.shadow.n)
}

/** A few at a time. */
async function each<T>(items: Iterable<T>, act: (item: T) => Promise<void>): Promise<void> {
  const iterator = items[Symbol.iterator]()
  const worker = async () => {
    for (let next = iterator.next(); !next.done; next = iterator.next()) await act(next.value)
  }
  await Promise.all(Array.from({ length: IN_PARALLEL }, worker))
}
