import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { forecast } from '../../src/scenario/forecast.ts'
import type { Forecast } from '../../src/scenario/forecast.ts'
import { lastNotifiedMs, rateSteps } from '../../src/scenario/forecast-rate.ts'
import { forecastText } from '../../src/scenario/forecast-text.ts'
import { loadScenario, parseScenario } from '../../src/scenario/load.ts'
import { formatProblem } from '../../src/scenario/problem.ts'

describe('the steps of a rate', () => {
  const exponential = (base: number, factor: number, every: number, maximumPerMinute?: number) => ({
    ...(maximumPerMinute === undefined ? {} : { maximumPerMinute }),
    exponentialRate: { baseRatePerMinute: base, incrementFactor: factor, rateIncreaseCriteria: { numberOfSucceededThings: every } },
  })

  test.each([
    ['none given: what AWS allows', undefined, 5000, [[1000, 0]]],
    ['constant', { maximumPerMinute: 50 }, 5000, [[50, 0]]],
    [
      'the example of the AWS guide: thresholds are linear',
      exponential(50, 2, 1000),
      5000,
      [
        [50, 0],
        [100, 1000],
        [200, 2000],
        [400, 3000],
        [800, 4000],
      ],
    ],
    [
      'capped',
      exponential(50, 2, 1000, 150),
      5000,
      [
        [50, 0],
        [100, 1000],
        [150, 2000],
      ],
    ],
    ['never beyond the targets', exponential(50, 2, 1000), 1000, [[50, 0]]],
    [
      'in whole devices',
      exponential(5, 1.5, 10),
      31,
      [
        [5, 0],
        [7, 10],
        [11, 20],
        [16, 30],
      ],
    ],
    [
      'steps too small to be whole are no steps',
      exponential(1, 1.1, 1, 2),
      100,
      [
        [1, 0],
        [2, 8],
      ],
    ],
  ])('%s', (_, config, targets, steps) => {
    expect(rateSteps(config, targets).map(({ ratePerMinute, from }) => [ratePerMinute, from])).toEqual(steps)
  })

  test.each([
    ['one device hears of it at once', [{ ratePerMinute: 1, from: 0 }], 1, 0],
    ['at 60 a minute, the 61st waits a minute', [{ ratePerMinute: 60, from: 0 }], 61, 60_000],
    ['a million at 1000 a minute', [{ ratePerMinute: 1000, from: 0 }], 1_000_000, 999_999 * 60],
    [
      '50 at 50, the other 51 at 100',
      [
        { ratePerMinute: 50, from: 0 },
        { ratePerMinute: 100, from: 50 },
      ],
      101,
      90_000,
    ],
  ])('%s', (_, steps, targets, ms) => {
    expect(lastNotifiedMs(steps, targets)).toBeCloseTo(ms)
  })

  property.prop([
    fc.record({ base: fc.integer({ min: 1, max: 1000 }), tenths: fc.integer({ min: 11, max: 50 }), every: fc.integer({ min: 1, max: 10_000 }) }),
    fc.integer({ min: 1, max: 1_000_000 }),
  ])('rates only rise, and faster steps never make it later', ({ base, tenths, every }, targets) => {
    const steps = rateSteps(exponential(base, tenths / 10, every), targets)
    for (const [k, step] of steps.entries()) {
      expect(step.ratePerMinute).toBeLessThanOrEqual(1000)
      if (k > 0) expect(step.ratePerMinute).toBeGreaterThan(steps[k - 1]!.ratePerMinute)
    }
    const last = lastNotifiedMs(steps, targets)
    expect(last).toBeLessThanOrEqual(lastNotifiedMs([steps[0]!], targets) + 1e-3)
    expect(last).toBeGreaterThanOrEqual(lastNotifiedMs([{ ratePerMinute: 1000, from: 0 }], targets) - 1e-3)
  })
})

describe('exponential.yaml', () => {
  const account = forecastOfFile('scenarios/exponential.yaml')

  test('who is there', () => {
    expect(account.devices).toBe(1010)
    expect(account.groups).toEqual([
      { name: 'trackers', kind: 'tracker', count: 800, firmware: '1.0.0', link: 'lte-m' },
      { name: 'gators', kind: 'data-gator', count: 200, firmware: '1.0.0', link: 'wifi', gateways: 10, gatewayLink: 'ethernet' },
    ])
  })

  test('what goes wrong, in whole devices', () => {
    expect(account.faults).toEqual([
      { do: 'corrupt-image', during: 'download', group: 'trackers', devices: 24, of: 800 },
      { do: 'hang', during: 'install', group: 'trackers', devices: 8, of: 800 },
    ])
    // 32 of the 1000 don't get there, and the threshold leaves room for 50.
    expect(account.thresholds).toContain('succeeded >= 95%')
  })

  test('how fast', () => {
    const [job, message] = account.rollouts
    expect(job!.steps.slice(0, 4)).toEqual([
      { ratePerMinute: 50, from: 0 },
      { ratePerMinute: 75, from: 50 },
      { ratePerMinute: 112, from: 100 },
      { ratePerMinute: 168, from: 150 },
    ])
    expect(job).toMatchObject({ type: 'job', devices: 800, notified: 800, stepsCount: 'succeeded', timeoutMs: 300_000 })
    expect(message).toMatchObject({ type: 'firmwareImage', devices: 200, notified: 10, lastNotifiedMs: 9000 })
  })

  test('in less than 45 seconds of wall clock, whatever happens', () => {
    expect(account.expectedWallMs).toBeLessThan(15_000)
    expect(account.longestWallMs).toBeLessThan(45_000)
    expect(account.notes).toEqual([])
  })

  test('in words', () => {
    expect(forecastText(account)).toMatchInlineSnapshot(`
      "exponential: A build with a few bad apples, rolled out exponentially to a mixed fleet.
        fleet       trackers: 800 trackers on lte-m, running 1.0.0
                    gators: 200 data-gators on wifi, running 1.0.0, behind 10 gateways on ethernet
        images      app: version 1.0.1, 128 KiB, random bytes by seed
        rollout 1   job: app 1.0.1 to trackers, 800 devices
                    50 devices a minute, 75 from 50 succeeded, 112 from 100, 168 from 150, 253 from 200, 379 from 250, 569 from 300, and so on, 1,000 from 400
                    the last device hears of it 3m17s after the start, at the earliest
                    stops when 20% of the finished devices failed, once 100 have finished
                    a device that takes longer than 5m counts as timed out
        rollout 2   firmwareImage: app 1.0.1 to gators, 200 devices, 30s into the run
                    60 gateways a minute
                    the last gateway hears of it 9s after the start, at the earliest
                    a device that does not run it after 10m counts as timed out
        faults      corrupt-image strikes 24 of 800 trackers while they download
                    hang strikes 8 of 800 trackers while they install
        thresholds  succeeded >= 95%
                    time_to(95%) < 30m
                    wrong_image == 0
        time        about 3m52s when nothing goes wrong, 11.6s of wall clock (20 times as fast as real time)
                    up to 10m30s when devices time out, 31.5s of wall clock
        seed        42"
    `)
  })
})

test.each(['constant-rate', 'bad-build-aborts', 'timeouts', 'flaky-network', 'data-gators', 'million'])('%s.yaml leaves no doubt', (name) => {
  expect(forecastOfFile(`scenarios/${name}.yaml`).notes).toEqual([])
})

describe('notes', () => {
  const fleet =
    'name: x\nfleet:\n  trackers: { kind: tracker, count: 20, firmware: 1.0.0 }\n  gators: { kind: data-gator, count: 20, gateways: 2, firmware: 1.0.0 }\n'
  const scenario = (image: string, job: string, more = '') =>
    `${fleet}images: { app: { version: ${image}, size: 240KiB } }\nrollouts:\n- job: { targets: [trackers], image: app${job} }\n${more}`
  const hang = 'faults: [{ devices: 1 of trackers, do: hang }]'

  test.each([
    ['nothing to say', scenario('1.0.1', ''), []],
    [
      'a share that is nobody',
      scenario('1.0.1', '', 'faults: [{ devices: 1% of trackers, do: reject }]'),
      ['faults[0] reject strikes no device: the share of the 20 trackers rounds to 0'],
    ],
    [
      'faults that have nothing to strike',
      scenario(
        '1.0.1',
        '',
        'faults: [{ devices: gators, do: fail-self-test }, { devices: gators-gateways, do: hang, during: install }, { devices: 1 of gators-gateways, do: hang }]',
      ),
      [
        'faults[0] fail-self-test strikes nobody: Data Gators have no self-test',
        'faults[1] hang strikes nobody: gateways do nothing in the phase install',
      ],
    ],
    [
      'silence without a timeout',
      scenario('1.0.1', '', hang),
      ['rollouts[0] has no timeoutConfig: devices that hang keep the job open until the time limit'],
    ],
    [
      'a retry that nobody takes',
      scenario(
        '1.0.1',
        ', timeoutConfig: { inProgressTimeoutInMinutes: 1 }, jobExecutionsRetryConfig: { criteriaList: [{ failureType: ALL, numberOfRetries: 1 }] }',
        hang,
      ),
      ['rollouts[0] retries devices that time out: those that hang leave their retry in the queue, which keeps the job open until the time limit'],
    ],
    [
      'a rule that waits for more devices than there are',
      scenario(
        '1.0.1',
        ', abortConfig: { criteriaList: [{ failureType: FAILED, action: CANCEL, thresholdPercentage: 5, minNumberOfExecutedThings: 21 }] }',
      ),
      ['rollouts[0] never aborts for FAILED: it has 20 targets and the rule waits for 21 to finish'],
    ],
    ['a version that they have', scenario('1.0.0', ''), ['rollouts[0] rolls out 1.0.0 to trackers, which run it already']],
    [
      'a job without an end',
      scenario('1.0.1', ', targetSelection: CONTINUOUS'),
      ['rollouts[0] is CONTINUOUS and has no cancel: it ends with the time limit'],
    ],
    [
      'a version that gators misread',
      scenario('1.0.10', '', '- firmwareImage: { targets: [gators], image: app }'),
      ["rollouts[1] rolls out 1.0.10, which Data Gators can't read: they take one digit for each part of a version"],
    ],
    [
      'more than the time there is',
      scenario('1.0.1', ', jobExecutionsRolloutConfig: { maximumPerMinute: 1 }', 'time: { limit: 5m }'),
      ['the run needs about 19m25s of simulated time and is stopped after 5m (time.limit)'],
    ],
  ])('%s', (_, text, notes) => {
    expect(forecastOf(text).notes).toEqual(notes)
  })

  test('a cancel by hand ends it: devices at work have their timeout left', () => {
    const account = forecastOf(scenario('1.0.1', ', timeoutConfig: { inProgressTimeoutInMinutes: 3 }', '  cancel: { at: 10m }'))
    expect(account.longestMs).toBe(13 * 60_000)
  })

  test('virtual time has no wall clock', () => {
    const account = forecastOf(scenario('1.0.1', '', 'time: { speed: max }'))
    expect(account).not.toHaveProperty('expectedWallMs')
    expect(account).not.toHaveProperty('longestWallMs')
  })
})

function forecastOf(text: string): Forecast {
  const loaded = parseScenario(text, 's.yaml')
  if ('problems' in loaded) throw new Error(loaded.problems.map(formatProblem).join('\n'))
  return forecast(loaded.scenario)
}

function forecastOfFile(path: string): Forecast {
  const loaded = loadScenario(path)
  if ('problems' in loaded) throw new Error(loaded.problems.map(formatProblem).join('\n'))
  return forecast(loaded.scenario)
}
