import { describe, expect, test } from 'vitest'
import { ask, describeJob, downloaded, get, leave, listen, progress, update, UpparatBench, URL } from './fixture.ts'

const T = '$aws/things/u1/jobs'

describe('a good update, to the letter (devices.md §5.1)', () => {
  test('every topic, payload and QoS, in order', async () => {
    const bench = new UpparatBench({ config: { hooks: { install: { takes: '30s', prints: ['writing', 'größer'] } } } })
    bench.queue()
    await bench.run(100)
    expect(bench.cloud.lines).toEqual([
      '0 CONNECT u1 clean 60s',
      `0 SUBSCRIBE ${T}/get/+ q1`,
      `0 PUBLISH q1 ${T}/get `,
      `0 SUBSCRIBE ${T}/upparat_a/get/+ q1`,
      `0 PUBLISH q1 ${T}/upparat_a/get `,
      `0 SUBSCRIBE ${T}/notify q1`,
      `0.1 UNSUBSCRIBE ${T}/notify`,
      `0.1 SUBSCRIBE ${T}/notify q1`,
      `0.2 PUBLISH q0 ${T}/upparat_a/update {"status": "IN_PROGRESS", "statusDetails": {"state": "download_start", "message": "none"}}`,
      `0.2 GET ${URL} bytes=0-`,
      `0.2 PUBLISH q0 ${T}/upparat_a/update {"status": "IN_PROGRESS", "statusDetails": {"state": "download_progress", "message": "{\\"downloaded_bytes\\": 102400}"}}`,
      `0.2 PUBLISH q0 ${T}/upparat_a/update {"status": "IN_PROGRESS", "statusDetails": {"state": "download_progress", "message": "{\\"downloaded_bytes\\": 204800}"}}`,
      `0.2 PUBLISH q0 ${T}/upparat_a/update {"status": "IN_PROGRESS", "statusDetails": {"state": "download_progress", "message": "{\\"downloaded_bytes\\": 250000}"}}`,
      `0.2 UNSUBSCRIBE ${T}/notify`,
      `0.2 SUBSCRIBE ${T}/notify q1`,
      `0.2 PUBLISH q0 ${T}/upparat_a/update {"status": "IN_PROGRESS", "statusDetails": {"state": "installation_start", "message": "none"}}`,
      `10.2 PUBLISH q0 ${T}/upparat_a/update {"status": "IN_PROGRESS", "statusDetails": {"state": "installation_progress", "message": "writing"}}`,
      `20.2 PUBLISH q0 ${T}/upparat_a/update {"status": "IN_PROGRESS", "statusDetails": {"state": "installation_progress", "message": "gr\\u00f6\\u00dfer"}}`,
      `30.2 UNSUBSCRIBE ${T}/notify`,
      `30.2 SUBSCRIBE ${T}/notify q1`,
      `30.2 PUBLISH q0 ${T}/upparat_a/update {"status": "IN_PROGRESS", "statusDetails": {"state": "reboot_start", "message": "none"}}`,
      '31.2 DISCONNECT',
      '61.2 CONNECT u1 clean 60s',
      `61.2 SUBSCRIBE ${T}/get/+ q1`,
      `61.2 PUBLISH q1 ${T}/get `,
      `61.2 SUBSCRIBE ${T}/upparat_a/get/+ q1`,
      `61.2 PUBLISH q1 ${T}/upparat_a/get `,
      `61.2 SUBSCRIBE ${T}/notify q1`,
      `61.2 UNSUBSCRIBE ${T}/notify`,
      `61.2 SUBSCRIBE ${T}/notify q1`,
      `66.3 PUBLISH q0 ${T}/upparat_a/update {"status": "SUCCEEDED", "statusDetails": {"state": "complete_ready", "message": "none"}}`,
      `66.3 UNSUBSCRIBE ${T}/notify`,
      `66.3 SUBSCRIBE ${T}/get/+ q1`,
      `66.3 PUBLISH q1 ${T}/get `,
      `66.3 SUBSCRIBE ${T}/notify q1`,
    ])
  })

  test('what it tells the run on the way', async () => {
    const bench = new UpparatBench()
    bench.queue()
    await bench.run(100)
    expect(bench.told('phase').map(({ phase }) => phase)).toEqual([
      'connect',
      'pickup',
      'download',
      'install',
      'reboot',
      'connect',
      'pickup',
      'self-test',
    ])
    expect(bench.told('downloaded', 'flashed', 'running', 'reported', 'settled')).toEqual([
      { type: 'downloaded', bytes: 250_000, ms: 0, retries: 0 },
      { type: 'flashed', ...bench.published[0] },
      { type: 'running', version: '1.1.0' },
      { type: 'reported', update: 'upparat_a', status: 'SUCCEEDED', accepted: true },
      { type: 'settled' },
    ])
    expect(bench.flash).toMatchObject({ running: bench.published[0], pending: undefined, busy: false })
  })
})

describe('which job', () => {
  test('only ids that begin with upparat_; the oldest first, whatever their order in the list; one after the other', async () => {
    const bench = new UpparatBench({ config: { hooks: { install: 'none' } } })
    bench.queue('other', {}, { queuedAt: 1 })
    bench.queue('upparat_new', {}, { queuedAt: 9 })
    bench.queue('upparat_old', {}, { queuedAt: 5 })
    await bench.run(10)
    const updates = bench.sent().filter((line) => line.includes('/update'))
    expect(updates.filter((line) => line.includes('SUCCEEDED'))).toEqual([
      update(0.2, 'SUCCEEDED', 'no_installation_hook_provided', 'none', 'upparat_old'),
      update(0.4, 'SUCCEEDED', 'no_installation_hook_provided', 'none', 'upparat_new'),
    ])
    expect(updates.join()).not.toContain('other')
  })

  test('none: it waits for notify, and takes what that lists', async () => {
    const bench = new UpparatBench({ config: { hooks: { version: 'none', download: 'none', install: 'none' } } })
    bench.at(50, () => {
      bench.queue()
      bench.notify()
    })
    await bench.run(60)
    expect(bench.sent()).toEqual([
      '0 CONNECT u1 clean 60s',
      ...ask(0),
      listen(0),
      leave(50),
      ...describeJob(50),
      listen(50),
      leave(50),
      listen(50),
      progress(50, 'download_start'),
      get(50, 0),
      downloaded(50, 102_400),
      downloaded(50, 204_800),
      downloaded(50, 250_000),
      leave(50),
      listen(50),
      update(50, 'SUCCEEDED', 'no_installation_hook_provided'),
      leave(50),
      ...ask(50),
      listen(50),
    ])
  })

  test('several in progress: all of them FAILED', async () => {
    const bench = new UpparatBench()
    bench.queue('upparat_a', {}, { status: 'IN_PROGRESS' })
    bench.queue('upparat_b', {}, { status: 'IN_PROGRESS' })
    await bench.run(1)
    const message = 'Invalid: More than one job is IN PROGRESS: upparat_a, upparat_b'
    expect(bench.sent().slice(3)).toEqual([
      update(0, 'FAILED', 'error_multiple_in_progress', message, 'upparat_a'),
      update(0, 'FAILED', 'error_multiple_in_progress', message, 'upparat_b'),
      ...ask(0),
      listen(0),
    ])
  })

  test('a description that is refused: the list is asked for again', async () => {
    const bench = new UpparatBench()
    bench.queue()
    bench.at(0, () => bench.jobs.splice(0))
    bench.cloud.listener = answeredOnce(bench)
    await bench.run(1)
    expect(bench.sent()).toEqual(['0 CONNECT u1 clean 60s', ...ask(0), ...describeJob(0), ...ask(0), listen(0)])
  })
})

/** The first list has a job that is gone when it is described. */
function answeredOnce(bench: UpparatBench): UpparatBench['cloud']['listener'] {
  const usual = bench.cloud.listener
  let isFirst = true
  return (topic, payload) => {
    if (topic !== `${T}/get` || !isFirst) return usual(topic, payload)
    isFirst = false
    bench.cloud.send(`${T}/get/accepted`, '{"inProgressJobs":[],"queuedJobs":[{"jobId":"upparat_a","queuedAt":1}]}')
  }
}

describe('before the download', () => {
  test('the version of the job runs already: SUCCEEDED at once', async () => {
    const bench = new UpparatBench()
    bench.queue('upparat_a', { version: '1.0.0' })
    await bench.run(10)
    expect(bench.sent().slice(5)).toEqual([listen(0), update(0.1, 'SUCCEEDED', 'version_already_installed'), leave(0.1), ...ask(0.1), listen(0.1)])
  })

  test('force: neither version nor download hook is asked', async () => {
    const bench = new UpparatBench({ config: { hooks: { download: { exits: [1] } } } })
    bench.queue('upparat_a', { version: '1.0.0', force: true })
    await bench.run(1)
    expect(bench.sent().slice(5, 10)).toEqual([listen(0), leave(0), listen(0), progress(0, 'download_start'), get(0, 0)])
  })

  test.each([
    ['version', 0.1, 'version_hook_failed'],
    ['download', 0.2, 'download_hook_failed'],
  ])('the %s hook fails', async (hook, second, state) => {
    const bench = new UpparatBench({ config: { hooks: { [hook]: { exits: [7] } } } })
    bench.queue()
    await bench.run(10)
    expect(bench.without('SUBSCRIBE', 'CONNECT', '/get')).toEqual([update(second, 'FAILED', state, 'Exit code: 7')])
  })

  test('exit 3: the hook is asked again after a minute, until it lets it', async () => {
    const bench = new UpparatBench({ config: { hooks: { download: { exits: [3, 3, 0] } } } })
    bench.queue()
    await bench.run(130)
    expect(bench.sent().filter((line) => line.includes('download_start'))).toEqual([progress(120.4, 'download_start')])
  })

  test('exit 3 sixty times: failed after an hour', async () => {
    const bench = new UpparatBench({ config: { hooks: { download: { takes: '0s', exits: [3] } } } })
    bench.queue()
    await bench.run(4000)
    expect(bench.without('SUBSCRIBE', 'CONNECT', '/get')).toEqual([update(3600.1, 'FAILED', 'download_hook_failed', 'Timeout after 3600s')])
  })
})

describe('after the download', () => {
  test.each([
    ['install', 30.2, 'installation_hook_failed'],
    ['restart', 31.2, 'restart_hook_failed'],
    ['ready', 66.3, 'ready_hook_failed'],
  ])('the %s hook fails', async (hook, second, state) => {
    const bench = new UpparatBench({
      config: { hooks: { [hook]: { takes: hook === 'install' ? '30s' : hook === 'ready' ? '5s' : '1s', exits: [1] } } },
    })
    bench.queue()
    await bench.run(100)
    expect(bench.sent().filter((line) => line.includes('FAILED'))).toEqual([update(second, 'FAILED', state, 'Exit code: 1')])
    expect(bench.told('reported')).toEqual([{ type: 'reported', update: 'upparat_a', status: 'FAILED', accepted: true, reason: state }])
  })

  test.each([
    ['no restart hook', { restart: 'none' }, 30.2, 'no_restart_hook_provided'],
    ['a restart that is no reboot', { restart: { reboots: false } }, 31.2, 'complete_soft_restart'],
    ['no version hook', { version: 'none' }, 61.1, 'complete_no_version_check'],
    ['no ready hook', { ready: 'none' }, 61.3, 'complete_no_ready_check'],
  ] as const)('%s: SUCCEEDED', async (_, hooks, second, state) => {
    const bench = new UpparatBench({ config: { hooks } })
    bench.queue()
    await bench.run(100)
    expect(bench.sent().filter((line) => line.includes('SUCCEEDED'))).toEqual([update(second, 'SUCCEEDED', state)])
  })

  test('another version runs than was expected', async () => {
    const bench = new UpparatBench({ config: { hooks: { version: { prints: '0.9.9' } } } })
    bench.queue()
    await bench.run(100)
    expect(bench.sent().filter((line) => line.includes('FAILED'))).toEqual([
      update(61.3, 'FAILED', 'version_mismatch', "Expected version '1.1.0', got '0.9.9'"),
    ])
  })

  test('the new system never comes up: after three boots the old one tells so', async () => {
    const bench = new UpparatBench({ faults: [{ do: 'reboot-loop' }] })
    bench.queue()
    await bench.run(300)
    expect(bench.sent().filter((line) => line.includes('FAILED'))).toEqual([
      update(121.3, 'FAILED', 'version_mismatch', "Expected version '1.1.0', got '1.0.0'"),
    ])
    expect(bench.told('rolled-back')).toEqual([{ type: 'rolled-back', from: '1.1.0', to: '1.0.0' }])
  })

  test.each([
    ['reject', 'download_hook_failed'],
    ['fail-install', 'installation_hook_failed'],
    ['fail-self-test', 'ready_hook_failed'],
  ])('the fault %s is a hook that fails', async (name, state) => {
    const bench = new UpparatBench({ faults: [{ do: name }] })
    bench.queue()
    await bench.run(300)
    expect(bench.told('reported')).toMatchObject([{ status: 'FAILED', reason: state }])
  })
})
