import { describe, expect, test } from 'vitest'
import { ask, booted, documentFor, download, GETS, TrackerBench, update } from './fixture.ts'

/** `http://<host>/<path>` with parts of these lengths. */
const urlOf = (host: number, path: number): string => `http://${'h'.repeat(host)}/${'p'.repeat(path)}`

describe('buffers of the library (devices.md §1.3, step 3)', () => {
  test.each([
    ['a host of 255 bytes', urlOf(255, 3), 'http 404'],
    ['a longer host', urlOf(256, 3), 'host too long'],
    ['a path of 1,024 bytes', urlOf(5, 1024), 'http 404'],
    ['a longer path', urlOf(5, 1025), 'path too long'],
    ['a query counts', `${urlOf(5, 1000)}?${'q'.repeat(24)}`, 'path too long'],
    ['no scheme', 'cloud/app.bin', 'bad location'],
    ['no path', 'http://cloud', 'bad location'],
  ])('%s', async (_, url, reason) => {
    const bench = new TrackerBench({ config: { messageLimit: '4KiB' } })
    bench.queue('job', documentFor({ location: { url } }))
    await bench.run(1)
    expect(bench.told('reported')[0]).toMatchObject({ status: 'FAILED', reason })
    // What doesn't fit fails before the job is started.
    expect(bench.sent()[4]).toBe(reason === 'http 404' ? update(0, 'IN_PROGRESS', 1) : update(0, 'FAILED', 1))
  })

  test.each([
    ['255 bytes of path', 255, 'http 404'],
    ['one more, as in any signed URL', 256, 'path too long'],
  ])('as the library is without configuration: %s', async (_, path, reason) => {
    const bench = new TrackerBench({ config: { fileLimit: '255B' } })
    bench.queue('job', documentFor({ location: { url: urlOf(5, path) } }))
    await bench.run(1)
    expect(bench.told('reported')[0]).toMatchObject({ reason })
  })

  test('a message longer than 1350 bytes: a library error, and the job stays as it was', async () => {
    const bench = new TrackerBench()
    bench.queue('job', documentFor({ filename: 'x'.repeat(1350) }))
    bench.at(50, () => bench.notifyNext())
    await bench.run(1000)
    expect(bench.sent()).toEqual([...booted(0, '1.0.0'), ask(0)])
    expect(bench.jobs).toMatchObject([{ status: 'QUEUED', versionNumber: 1 }])
    expect(bench.told('finding', 'picked-up')).toEqual(Array(2).fill({ type: 'finding', finding: 'message-too-long' }))
  })

  test.each([
    ['as long as the buffer', 0, 1],
    ['a byte longer', 1, 0],
  ])('a message %s', async (_, more, picked) => {
    const bench = new TrackerBench({ config: { messageLimit: '600B' } })
    const message = (filename: string) => JSON.stringify({ execution: { jobId: 'x', versionNumber: 1, jobDocument: documentFor({ filename }) } })
    bench.at(1, () => bench.cloud.send('$aws/things/t1/jobs/notify-next', message('f'.repeat(600 - message('').length + more))))
    await bench.run(2)
    expect(bench.told('picked-up')).toHaveLength(picked)
  })
})

describe('https', () => {
  const https = documentFor({ location: { url: 'https://cloud/app.bin' } })

  test('without certificates for downloads: started, then FAILED, without a request', async () => {
    const bench = new TrackerBench({ config: { tlsTag: false } })
    bench.queue('job', https)
    await bench.run(1)
    expect(bench.sent().slice(4)).toEqual([update(0, 'IN_PROGRESS', 1), update(0, 'FAILED', 2), ask(0)])
    expect(bench.told('reported')[0]).toMatchObject({ reason: 'no tls tag' })
  })

  test('with them: a download like any other', async () => {
    const bench = new TrackerBench()
    bench.cloud.files.set('https://cloud/app.bin', bench.cloud.files.get('http://cloud/app.bin')!)
    bench.queue('job', https)
    await bench.run(6)
    expect(bench.told('reported')[0]).toMatchObject({ status: 'SUCCEEDED' })
  })
})

describe('saveProgress: a download after a power cut', () => {
  /** Power fails after two of three fragments, for 50 s; `url` is that of the job afterwards. */
  async function interrupted(config: Record<string, unknown>, url?: string): Promise<TrackerBench> {
    const bench = new TrackerBench({ config })
    bench.queue()
    bench.cloud.gets.push('serve', 'serve', 'silence')
    bench.cutPower(bench.board, 10, 50)
    if (url !== undefined) {
      bench.cloud.files.set(url, bench.cloud.files.get('http://cloud/app.bin')!)
      bench.at(20, () => bench.jobs.splice(0, 1, { ...bench.jobs[0]!, document: documentFor({ location: { url } }) }))
    }
    await bench.run(66)
    return bench
  }

  test('goes on where it was, and the image is whole', async () => {
    const bench = await interrupted({ saveProgress: true })
    expect(bench.sent().filter((line) => line.includes(' GET http'))).toEqual([...download(0).slice(0, 2), `0 ${GETS[2]}: silence`, `60 ${GETS[2]}`])
    expect(bench.flash.pending).toEqual(bench.published[0])
    expect(bench.flash.progress).toBeUndefined()
  })

  test('starts anew when the URL is another one, as one that is signed anew', async () => {
    const bench = await interrupted({ saveProgress: true }, 'http://cloud/app.bin?again')
    expect(bench.sent().filter((line) => line.startsWith('60 GET'))).toEqual(GETS.map((get) => `60 ${get.replace('.bin', '.bin?again')}`))
    expect(bench.flash.pending).toEqual(bench.published[0])
  })

  test('starts anew where nothing is kept', async () => {
    const bench = await interrupted({})
    expect(bench.sent().filter((line) => line.startsWith('60 GET'))).toEqual(download(60))
  })

  test('a download that failed is forgotten: the next job with the same URL starts from byte 0', async () => {
    const bench = new TrackerBench({ config: { saveProgress: true } })
    bench.queue('one')
    bench.queue('two')
    bench.cloud.gets.push('serve', 'silence')
    await bench.run(36)
    expect(bench.sent().filter((line) => line.startsWith('30 GET'))).toEqual(['30 GET given up', ...download(30)])
  })
})
