import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { open } from 'lmdb'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { LmdbStore } from '../../../src/cloud/store/lmdb-store.ts'
import type { Store } from '../../../src/cloud/store/store.ts'
import { UserError } from '../../../src/errors.ts'
import { FakeStore } from '../fake-store.ts'

let folder: string
let stores: Store[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetsim-store-'))
  stores = []
})

afterEach(async () => {
  await Promise.all(stores.map((store) => store.close()))
  rmSync(folder, { recursive: true })
})

async function lmdb(options: { reset?: boolean } = {}): Promise<LmdbStore> {
  const store = await LmdbStore.open(folder, options)
  stores.push(store)
  return store
}

async function records(store: Store, table: string): Promise<[string, unknown][]> {
  await store.durable()
  return [...store.table(table).entries()].map(([key, record]) => [key, record])
}

describe.each([
  ['in memory', async () => new FakeStore()],
  ['in a folder', () => lmdb()],
])('a store %s', (_, newStore: () => Promise<Store>) => {
  test('gives records back as they were put, in the order of their keys', async () => {
    const store = await newStore()
    const table = store.table<unknown>('things')
    const record = {
      name: 'é',
      at: 1_700_000_000_000,
      ratio: 0.5,
      none: null,
      left: undefined,
      list: [1, { deep: [true, ''] }],
      bytes: Uint8Array.of(1, 2),
    }
    for (const key of ['b', 'a/b', 'a', '', 'a\0z', 'é', 'aa', '10', '9']) table.put(key, record)
    const found = await records(store, 'things')
    expect(found.map(([key]) => key)).toEqual(['', '10', '9', 'a', 'a\0z', 'a/b', 'aa', 'b', 'é'])
    const { bytes, ...rest } = found[0]![1] as typeof record
    expect([rest, new Uint8Array(bytes)]).toEqual([{ ...record, bytes: undefined }, record.bytes])
  })

  test('keeps the last of several records, and what a table of another name has', async () => {
    const store = await newStore()
    const [jobs, things] = [store.table('jobs'), store.table('things')]
    jobs.put('a', 1)
    jobs.put('a', 2)
    jobs.put('b', 3)
    jobs.delete('b')
    jobs.delete('never there')
    things.put('b', 4)
    expect([await records(store, 'jobs'), await records(store, 'things')]).toEqual([[['a', 2]], [['b', 4]]])
  })

  test('captures a record when it is put', async () => {
    const store = await newStore()
    const record = { list: [1], bytes: Uint8Array.of(1) }
    store.table('jobs').put('a', record)
    record.list.push(2)
    record.bytes[0] = 9
    const [[, found]] = (await records(store, 'jobs')) as [[string, typeof record]]
    expect([found.list, found.bytes[0]]).toEqual([[1], 1])
  })

  test('forgets every table, and goes on', async () => {
    const store = await newStore()
    store.table('jobs').put('a', 1)
    store.table('things').put('a', 1)
    store.clear()
    store.table('jobs').put('b', 2)
    expect([await records(store, 'jobs'), await records(store, 'things')]).toEqual([[['b', 2]], []])
  })

  test('has nothing to wait for when nothing was put', async () => {
    const store = await newStore()
    store.table('jobs').put('a', 1)
    await store.durable()
    expect(store.durable()).toBeUndefined()
  })
})

describe('a folder', () => {
  test('keeps its records for the next process, those of a table that is opened late, too', async () => {
    const first = await lmdb()
    first.table('jobs').put('a', { n: 1 })
    await first.close()
    const second = await lmdb()
    second.table('things').put('b', 2)
    expect([await records(second, 'jobs'), await records(second, 'things')]).toEqual([[['a', { n: 1 }]], [['b', 2]]])
    await second.close()
    const third = await lmdb()
    third.clear()
    await third.close()
    expect(await records(await lmdb(), 'jobs')).toEqual([])
  })

  test('holds an image of 100 MB', async () => {
    const bytes = new Uint8Array(100_000_000)
    for (let at = 0; at < bytes.length; at += 4096) bytes[at] = at / 4096
    const first = await lmdb()
    first.table('objects').put('image', { bytes })
    await first.close()
    const [[, found]] = (await records(await lmdb(), 'objects')) as [[string, { bytes: Uint8Array }]]
    expect(Buffer.compare(found.bytes, bytes)).toBe(0)
  })

  test('is emptied on demand, and nothing but the store is', async () => {
    writeFileSync(join(folder, 'notes.txt'), 'mine')
    const first = await lmdb()
    first.table('jobs').put('a', 1)
    await first.close()
    expect(await records(await lmdb({ reset: true }), 'jobs')).toEqual([])
    expect(readdirSync(folder)).toContain('notes.txt')
  })

  test('belongs to one process', async () => {
    await lmdb()
    await expect(lmdb()).rejects.toThrow(new RegExp(`${folder} is in use by process ${process.pid}\\.`))
  })

  test('is taken over from a process that is gone, and from another that had the same id', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', ''])
    for (const holder of [`${pid} \n`, `${process.pid} earlier/1\n`, '']) {
      writeFileSync(join(folder, 'fleetsim.lock'), holder)
      const store = await lmdb()
      await store.close()
      expect(readdirSync(folder)).not.toContain('fleetsim.lock')
    }
  })

  test('with records of another version is refused, and can be begun anew', async () => {
    const env = open({ path: join(folder, 'data.mdb') })
    await env.openDB({ name: 'fleetsim' }).put('schemaVersion', 99)
    await env.close()
    await expect(lmdb()).rejects.toThrow(/its records have version 99, expected 1\. .*--reset/)
    expect(await records(await lmdb({ reset: true }), 'jobs')).toEqual([])
  })

  test('with a file that is no store is refused', async () => {
    writeFileSync(join(folder, 'data.mdb'), 'x'.repeat(100_000))
    await expect(lmdb()).rejects.toThrow(UserError)
  })

  test('that cannot be made is refused in one line', async () => {
    writeFileSync(join(folder, 'file'), '')
    const error = await LmdbStore.open(join(folder, 'file', 'data')).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(UserError)
    expect((error as UserError).message).toMatch(/^The folder .* of --data can't be written: ENOTDIR[^\n]*$/)
  })
})
