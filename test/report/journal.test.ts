import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Event } from '../../src/ports/events.ts'
import { EventLines } from '../../src/report/event-line.ts'
import { Journal } from '../../src/report/journal.ts'
import { JournalFile } from '../../src/report/journal-file.ts'
import { journalBeside } from './journal-beside.ts'
import { counts, FLEET, pickedUp, reported } from './fixtures.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fleetsim-journal-'))
})
afterAll(() => rm(directory, { recursive: true }))

const lines: readonly { that: string; event: Event; line: string }[] = [
  {
    that: 'a device by index and name, optional members only when they are there',
    event: pickedUp(1234.56789, 4, 'app.bin'),
    line: '{"at":1234.568,"type":"picked-up","device":4,"name":"gators-000000","update":"app.bin"}',
  },
  {
    that: 'members come in a fixed order, whatever the order of the event',
    event: { ms: 7, update: 'job-1', type: 'picked-up', device: 1, at: 5 },
    line: '{"at":5,"type":"picked-up","device":1,"name":"trackers-000001","update":"job-1","ms":7}',
  },
  {
    that: 'text is escaped',
    event: { at: 5, type: 'warning', text: 'a "quoted"\nline' },
    line: '{"at":5,"type":"warning","text":"a \\"quoted\\"\\nline"}',
  },
  {
    that: 'a fault is called by what it does',
    event: { at: 5, device: 0, type: 'fault', fault: 2, name: 'hang' },
    line: '{"at":5,"type":"fault","device":0,"name":"trackers-000000","fault":2,"do":"hang"}',
  },
  {
    that: 'an execution is about a device too',
    event: { at: 5, type: 'execution', rollout: 0, device: 1, status: 'FAILED', attempts: 2 },
    line: '{"at":5,"type":"execution","device":1,"name":"trackers-000001","rollout":0,"status":"FAILED","attempts":2}',
  },
  {
    that: 'counts are written as they are',
    event: { at: 5, type: 'rollout-progress', rollout: 0, status: 'IN_PROGRESS', counts: counts({ QUEUED: 3 }) },
    line: '{"at":5,"type":"rollout-progress","rollout":0,"status":"IN_PROGRESS","counts":{"QUEUED":3,"IN_PROGRESS":0,"SUCCEEDED":0,"FAILED":0,"TIMED_OUT":0,"REJECTED":0,"REMOVED":0,"CANCELED":0}}',
  },
]

test.each(lines)('$that', ({ event, line }) => {
  expect(new EventLines(FLEET).line(event)).toBe(`${line}\n`)
})

test.each([0, 7, -3, 1234.5, 0.001, 0.0004, 0.9996, 1e6 + 1 / 3, 86_400_000.125, -1.25, 2 ** 40 + 0.5, 8904168877613.56, 1e15 + 0.3, 1e21])(
  'times have at most three decimals: %d',
  (at) => {
    const written = `${Math.round(at * 1000) / 1000}`
    expect(new EventLines(FLEET).line({ at, type: 'cloud-removed', resources: 0 })).toBe(`{"at":${written},"type":"cloud-removed","resources":0}\n`)
  },
)

test('the file holds every event in order, and the hash is that of its text', async () => {
  const path = join(directory, 'events.ndjson.gz')
  const file = new JournalFile(path, FLEET)
  const events = Array.from({ length: 5000 }, (_, index) => reported(index, index % 6, 'SUCCEEDED'))
  for (const event of events) file.add(event)
  const before = file.hash()
  await file.close()
  const text = gunzipSync(await readFile(path)).toString()
  expect(text).toBe(events.map((event) => new EventLines(FLEET).line(event)).join(''))
  expect(
    text
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as Event).at),
  ).toEqual(events.map(({ at }) => at))
  expect(file.hash()).toBe(createHash('sha256').update(text).digest('hex'))
  expect(before).toBe(file.hash())
})

test('who writes faster than the disk is told, and may go on once it has drained', async () => {
  const file = new JournalFile(join(directory, 'fast.ndjson.gz'), FLEET)
  const event: Event = { at: 0, type: 'warning', text: 'x'.repeat(1_000_000) }
  let added = 0
  while (!file.full && added < 100) {
    file.add(event)
    added += 1
  }
  expect(added).toBeLessThan(30)
  await file.drain()
  expect(file.full).toBe(false)
  await file.close()
  expect(gunzipSync(await readFile(join(directory, 'fast.ndjson.gz'))).length).toBeGreaterThan(added * 1_000_000)
})

test('a file that can not be written is an error on close, and no wait for ever', async () => {
  const file = new JournalFile(join(directory, 'no-such-folder', 'events.ndjson.gz'), FLEET)
  file.add({ at: 0, type: 'warning', text: 'lost' })
  await expect(file.close()).rejects.toThrow('ENOENT')
  await expect(file.drain()).rejects.toThrow('ENOENT')
})

test('what a journal is given is what its writer writes', async () => {
  const path = join(directory, 'through.ndjson.gz')
  const journal = journalBeside(path, FLEET, { whenFull: 'wait' })
  const events = Array.from({ length: 5000 }, (_, index) => reported(index, index % 6, 'SUCCEEDED'))
  for (const event of events) journal.add(event)
  const end = await journal.close()
  const text = gunzipSync(await readFile(path)).toString()
  expect(text).toBe(events.map((event) => new EventLines(FLEET).line(event)).join(''))
  expect(end).toEqual({ sha256: createHash('sha256').update(text).digest('hex'), dropped: 0 })
})

test('a journal that waits tells when it is full, and loses nothing', async () => {
  const path = join(directory, 'waits.ndjson.gz')
  const journal = journalBeside(path, FLEET, { whenFull: 'wait' })
  let added = 0
  for (; !journal.full; added++) journal.add(pickedUp(added, 0, 'job-1'))
  await journal.drain()
  expect(journal.full).toBe(false)
  journal.add(pickedUp(added, 0, 'job-1'))
  expect(await journal.close()).toMatchObject({ dropped: 0 })
  expect(
    gunzipSync(await readFile(path))
      .toString()
      .split('\n'),
  ).toHaveLength(added + 2)
})

test('a journal that drops counts what its text lacks', async () => {
  const path = join(directory, 'drops.ndjson.gz')
  const journal = journalBeside(path, FLEET, { whenFull: 'drop' })
  let added = 0
  for (; !journal.full; added++) journal.add(pickedUp(added, 0, 'job-1'))
  for (let more = 0; more < 5000; more++) journal.add(pickedUp(added++, 0, 'job-1'))
  const { dropped } = await journal.close()
  expect(dropped).toBe(5000)
  expect(
    gunzipSync(await readFile(path))
      .toString()
      .trimEnd()
      .split('\n'),
  ).toHaveLength(added - dropped)
})

test('a journal whose file can not be written goes on, and tells at the end', async () => {
  const journal = journalBeside(join(directory, 'no-such-folder', 'events.ndjson.gz'), FLEET, { whenFull: 'wait' })
  for (let at = 0; at < 5000; at++) journal.add(pickedUp(at, 0, 'job-1'))
  const { sha256, failure } = await journal.close()
  expect(failure?.message).toMatch('ENOENT')
  expect(sha256).toMatch(/^[0-9a-f]{64}$/)
})

test('a journal whose writer dies is no wait for ever', async () => {
  const { port1, port2 } = new MessageChannel()
  const journal = new Journal(port1, { whenFull: 'wait' })
  for (let at = 0; !journal.full; at++) journal.add(pickedUp(at, 0, 'job-1'))
  const drained = journal.drain()
  port2.close()
  await drained
  expect((await journal.close()).failure?.message).toMatch('has ended')
})
