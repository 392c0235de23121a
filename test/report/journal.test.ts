import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Event } from '../../src/ports/events.ts'
import { EventLines } from '../../src/report/event-line.ts'
import { Journal } from '../../src/report/journal.ts'
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

test('the file holds every event in order, and the hash is that of its text', async () => {
  const path = join(directory, 'events.ndjson.gz')
  const journal = new Journal(path, FLEET)
  const events = Array.from({ length: 5000 }, (_, index) => reported(index, index % 6, 'SUCCEEDED'))
  for (const event of events) journal.add(event)
  const before = journal.hash()
  await journal.close()
  const text = gunzipSync(await readFile(path)).toString()
  expect(text).toBe(events.map((event) => new EventLines(FLEET).line(event)).join(''))
  expect(
    text
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as Event).at),
  ).toEqual(events.map(({ at }) => at))
  expect(journal.hash()).toBe(createHash('sha256').update(text).digest('hex'))
  expect(before).toBe(journal.hash())
})

test('who writes faster than the disk is told, and may go on once it has drained', async () => {
  const journal = new Journal(join(directory, 'fast.ndjson.gz'), FLEET)
  const event: Event = { at: 0, type: 'warning', text: 'x'.repeat(1_000_000) }
  let added = 0
  while (!journal.full && added < 100) {
    journal.add(event)
    added += 1
  }
  expect(added).toBeLessThan(30)
  await journal.drain()
  expect(journal.full).toBe(false)
  await journal.close()
  expect(gunzipSync(await readFile(join(directory, 'fast.ndjson.gz'))).length).toBeGreaterThan(added * 1_000_000)
})

test('a file that can not be written is an error on close, and no wait for ever', async () => {
  const journal = new Journal(join(directory, 'no-such-folder', 'events.ndjson.gz'), FLEET)
  journal.add({ at: 0, type: 'warning', text: 'lost' })
  await expect(journal.close()).rejects.toThrow('ENOENT')
  await expect(journal.drain()).rejects.toThrow('ENOENT')
})
