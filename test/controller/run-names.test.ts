import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { jobIdOf } from '../../src/controller/job-input.ts'
import { findManifest, Manifest, MANIFEST_FILE, readManifest } from '../../src/controller/manifest.ts'
import { accountRunId, isRunId, prefixOf, runOf } from '../../src/controller/run-names.ts'

const RUN = 'mwqak5ax-821b51'

describe('names that only fleetsim gives', () => {
  test('the id of a run is made of time and chance', () => {
    expect(accountRunId(Date.UTC(2026, 10, 21), '821b51')).toMatch(/^mw[0-9a-z]{6}-821b51$/)
    expect(isRunId(accountRunId(Date.UTC(2026, 10, 21), '821b51'))).toBe(true)
  })

  test.each([
    [`fleetsim-${RUN}`, RUN],
    [`fleetsim-${RUN}-trackers-000017`, RUN],
    [`${prefixOf(RUN)}devices`, RUN],
    ['fleetsim-demo', undefined],
    ['fleetsim-mwqak5ax', undefined],
    [`fleetsim-${RUN}x`, undefined],
    [`my-fleetsim-${RUN}`, undefined],
    ['trackers-000017', undefined],
  ])('%s', (name, run) => {
    expect(runOf(name)).toBe(run)
  })

  test('a job of a long scenario keeps its mark and its number', () => {
    const id = jobIdOf('x'.repeat(60), RUN, 3, prefixOf(RUN))
    expect(id).toHaveLength(64)
    expect(runOf(id)).toBe(RUN)
    expect(id).toMatch(/x-3$/)
  })
})

describe('the list of what a run makes', () => {
  test('is found by the id of the run, with the certificates and the place', () => {
    const results = mkdtempSync(join(tmpdir(), 'fleetsim-manifest-'))
    onTestFinished(() => rmSync(results, { recursive: true }))
    for (const name of ['a', 'b']) mkdirSync(join(results, name))
    writeFileSync(join(results, 'summary.json'), '{}')
    const manifest = new Manifest(join(results, 'b', MANIFEST_FILE), RUN, { region: 'eu-west-1' })
    manifest.note('thing', `fleetsim-${RUN}-trackers-000000`)
    manifest.note('certificate', 'c1')
    expect(findManifest(results, RUN)).toEqual({ run: RUN, place: { region: 'eu-west-1' }, certificates: ['c1'] })
    expect(findManifest(results, 'mwqak5ax-000000')).toBeUndefined()
    expect(findManifest(join(results, 'none'), RUN)).toBeUndefined()
  })

  test('may end in the middle of a line', () => {
    const text = `{"run":"${RUN}","place":{}}\n{"kind":"certificate","name":"c1"}\n{"kind":"certifi`
    expect(readManifest(text)).toEqual({ run: RUN, place: {}, certificates: ['c1'] })
  })
})
