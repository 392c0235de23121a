import { describe, expect, test } from 'vitest'
import { FAULTS } from '../../src/faults/all.ts'
import { parseScenario } from '../../src/scenario/load.ts'
import { formatProblem } from '../../src/scenario/problem.ts'

/** Parts of a good scenario, so that each row shows only what is broken. */
const FLEET = `
fleet:
  trackers: { kind: tracker, count: 800, firmware: 1.0.0, link: lte-m }
  gators: { kind: data-gator, count: 20, gateways: 2, firmware: 1.0.0 }
`
const IMAGES = 'images: { app: { version: 1.0.1, size: 240KiB } }'
const ROLLOUT = 'rollouts: [job: { targets: [trackers], image: app }]'

/** `job` fields over several lines, four spaces deep, after targets and image. */
const job = (fields: string) => `name: x${FLEET}${IMAGES}\nrollouts:\n- job:\n    targets: [trackers]\n    image: app\n${fields}`
const rollouts = (lines: string) => `name: x${FLEET}${IMAGES}\nrollouts:\n${lines}`
const faults = (lines: string) => `name: x${FLEET}${IMAGES}\n${ROLLOUT}\nfaults:\n${lines}`
const thresholds = (lines: string) => `name: x${FLEET}${IMAGES}\n${ROLLOUT}\nthresholds:\n${lines}`
const group = (lines: string) => `name: x\nfleet:\n  trackers:\n${lines}\n${IMAGES}\n${ROLLOUT}`

interface Row {
  readonly about: string
  readonly text: string
  readonly problems: readonly string[]
}

const YAML: readonly Row[] = [
  {
    about: 'an empty file lacks everything',
    text: '',
    problems: ['s.yaml:1:1 scenario: expected a map of name, fleet, images, rollouts, found nothing'],
  },
  {
    about: 'a list is no scenario',
    text: '- name: x',
    problems: ['s.yaml:1:1 scenario: expected a map of name, fleet, images, rollouts, found a list of 1'],
  },
  {
    about: 'a name that is there twice',
    text: 'name: x\nseed: 1\nname: y\n',
    problems: ['s.yaml:3:1 name: expected every name once, found it a second time'],
  },
  {
    about: 'a line that is indented by accident',
    text: 'name: x\nfleet:\n  trackers: 1\n   count: 2\n',
    problems: ['s.yaml:3:13 fleet.trackers: expected a value, or fields that line up under it, found a field in the middle of a value'],
  },
  {
    about: 'a tab for indentation',
    text: 'name: x\nfleet:\n\ttrackers: 1\n',
    problems: ['s.yaml:3:1 fleet: expected spaces for indentation, found a tab'],
  },
  {
    about: 'two documents in one file',
    text: 'name: x\n---\nname: y\n',
    problems: ['s.yaml:2:1 name: expected one document, found a second one after ---'],
  },
  {
    about: 'an alias without its anchor',
    text: 'name: *nobody\n',
    problems: [
      's.yaml:1:1 scenario: expected aliases that resolve, at most 100, found unresolved alias (the anchor must be set before the alias): nobody',
    ],
  },
]

const FIELDS: readonly Row[] = [
  {
    about: 'a required field points at the key of the map that lacks it, or at the first field of the file',
    text: `description: x\nfleet:\n  trackers: { kind: tracker, count: 1 }\n${IMAGES}\n${ROLLOUT}`,
    problems: [
      's.yaml:1:1 name: expected a name of lower-case letters, digits and dashes, at most 40, found nothing',
      's.yaml:3:3 fleet.trackers.firmware: expected a version such as 1.0.0, found nothing',
    ],
  },
  {
    about: 'a misspelt field is one problem, not also a missing one',
    text: group('    kind: tracker\n    cuont: 5\n    firmware: 1.0.0'),
    problems: ['s.yaml:5:5 fleet.trackers.cuont: expected a name that is known here (perhaps count), found "cuont"'],
  },
  {
    about: 'a field that resembles none lists what there is',
    text: group('    kind: tracker\n    count: 5\n    firmware: 1.0.0\n    link: { throughput: 5 }'),
    problems: ['s.yaml:7:13 fleet.trackers.link.throughput: expected one of latency, jitter, bandwidth, loss, offline, found "throughput"'],
  },
  {
    about: 'a number as text, a number out of range, and half a device',
    text: `seed: -1\n${group('    kind: tracker\n    count: "5"\n    firmware: 1.0.0\n    socketRetries: 1.5')}`,
    problems: [
      's.yaml:1:7 seed: expected a whole number from 0 to 2147483647, found -1',
      's.yaml:6:12 fleet.trackers.count: expected a whole number from 1 to 10000000, found "5"',
      's.yaml:8:20 fleet.trackers.socketRetries: expected a whole number from 0 to 100, found 1.5',
    ],
  },
  {
    about: 'a version that YAML reads as a number is shown as written',
    text: group('    kind: tracker\n    count: 5\n    firmware: 1.10'),
    problems: ['s.yaml:6:15 fleet.trackers.firmware: expected a version such as 1.0.0, found 1.10'],
  },
  {
    about: 'an unknown kind lists the kinds',
    text: group('    kind: traker\n    count: 5\n    firmware: 1.0.0'),
    problems: [
      's.yaml:4:11 fleet.trackers.kind: expected tracker, data-gator, freertos-ota, olt-gateway, upparat or plugin (perhaps tracker), found "traker"',
    ],
  },
  {
    about: 'no kind at all',
    text: group('    count: 5'),
    problems: ['s.yaml:3:3 fleet.trackers.kind: expected tracker, data-gator, freertos-ota, olt-gateway, upparat or plugin, found nothing'],
  },
  {
    about: 'an unknown link lists the profiles and the other form',
    text: group('    kind: tracker\n    count: 5\n    firmware: 1.0.0\n    link: lte-n'),
    problems: ['s.yaml:7:11 fleet.trackers.link: expected lte-m, nb-iot, wifi, ethernet or conditions, found "lte-n"'],
  },
  {
    about: 'inside conditions, each problem is where it is',
    text: group(
      '    kind: tracker\n    count: 5\n    firmware: 1.0.0\n    link:\n      latency: 100\n      bandwidth: fast\n      offline:\n      - { every: 10m }',
    ),
    problems: [
      's.yaml:8:16 fleet.trackers.link.latency: expected a duration such as 250ms, 60s, 10m, 1h, found 100',
      's.yaml:9:18 fleet.trackers.link.bandwidth: expected a rate such as 375kbit/s, 10Mbit/s or a map of up, down, found "fast"',
      's.yaml:11:9 fleet.trackers.link.offline[0].for: expected a duration such as 250ms, 60s, 10m, 1h, found nothing',
    ],
  },
  {
    about: 'speed is a number or max',
    text: `time: { speed: fast }\n${rollouts('- job: { targets: [trackers], image: app }')}`,
    problems: ['s.yaml:1:16 time.speed: expected a number above 0 up to 10000 or max, found "fast"'],
  },
  {
    about: 'an image with neither size nor file, one with both, and one with a misspelt size',
    text: `name: x${FLEET}images:\n  a: { version: 1.0.1 }\n  b: { version: 1.0.1, size: 1KiB, file: b.bin }\n  app: { version: 1.0.1, siz: 1KiB }\n${ROLLOUT}`,
    problems: [
      's.yaml:6:6 images.a: expected size or file, found a map of version',
      's.yaml:7:6 images.b: expected either file or size, found both file and size',
      's.yaml:8:26 images.app.siz: expected a name that is known here (perhaps size), found "siz"',
    ],
  },
  {
    about: 'rollouts that are neither a job nor a firmwareImage',
    text: rollouts('- at: 5s\n- jobs: {}\n- 5'),
    problems: [
      's.yaml:7:3 rollouts[0]: expected job, otaUpdate, firmwareImage or oltInstallation, found a map of at',
      's.yaml:8:3 rollouts[1].jobs: expected a name that is known here (perhaps job), found "jobs"',
      's.yaml:9:3 rollouts[2]: expected a map of job, a map of otaUpdate, a map of firmwareImage or a map of oltInstallation, found 5',
    ],
  },
  {
    about: 'a rollout config that AWS would refuse',
    text: job(`    jobExecutionsRolloutConfig:
      maximumPerMinute: 2000
      exponentialRate: { baseRatePerMinute: 50, incrementFactor: 1.55, rateIncreaseCriteria: {} }
    abortConfig: { criteriaList: [{ failureType: FAILED, action: STOP, thresholdPercentage: 33.333, minNumberOfExecutedThings: 0 }] }`),
    problems: [
      's.yaml:11:25 rollouts[0].job.jobExecutionsRolloutConfig.maximumPerMinute: expected a whole number from 1 to 1000, found 2000',
      's.yaml:12:66 rollouts[0].job.jobExecutionsRolloutConfig.exponentialRate.incrementFactor: expected a number with at most one decimal, found 1.55',
      's.yaml:12:94 rollouts[0].job.jobExecutionsRolloutConfig.exponentialRate.rateIncreaseCriteria: expected numberOfNotifiedThings or numberOfSucceededThings, found an empty map',
      's.yaml:13:66 rollouts[0].job.abortConfig.criteriaList[0].action: expected CANCEL, found "STOP"',
      's.yaml:13:93 rollouts[0].job.abortConfig.criteriaList[0].thresholdPercentage: expected a number with at most two decimals, found 33.333',
      's.yaml:13:128 rollouts[0].job.abortConfig.criteriaList[0].minNumberOfExecutedThings: expected a whole number of at least 1, found 0',
    ],
  },
  {
    about: 'a group name that no thing could have',
    text: `name: x\nfleet:\n  Trackers_1: { kind: tracker, count: 1, firmware: 1.0.0 }\n${IMAGES}\nrollouts: [job: { targets: [Trackers_1], image: app }]`,
    problems: ['s.yaml:3:3 fleet.Trackers_1: expected a name of lower-case letters, digits and dashes, at most 40, found "Trackers_1"'],
  },
  {
    about: 'no groups, no images, no rollouts',
    text: 'name: x\nfleet: {}\nimages: {}\nrollouts: []',
    problems: [
      's.yaml:2:8 fleet: expected at least one group of devices, found an empty map',
      's.yaml:3:9 images: expected at least one image, found an empty map',
      's.yaml:4:11 rollouts: expected a list of at least one entry, found an empty list',
    ],
  },
]

const SENSE: readonly Row[] = [
  {
    about: 'a target and an image that are not there, with what was meant',
    text: rollouts('- job: { targets: [tracker], image: ap }'),
    problems: [
      's.yaml:7:20 rollouts[0].job.targets[0]: expected a group of the fleet (perhaps trackers), found "tracker"',
      's.yaml:7:37 rollouts[0].job.image: expected an image of the scenario (perhaps app), found "ap"',
    ],
  },
  {
    about: 'a mistake in a group does not hide the mistakes that have to do with it',
    text: `name: x\nfleet:\n  trackers: { kind: tracker, count: many, firmware: 1.0.0 }\n${IMAGES}\nrollouts: [job: { targets: [trackers, tackers], image: app }]`,
    problems: [
      's.yaml:3:37 fleet.trackers.count: expected a whole number from 1 to 10000000, found "many"',
      's.yaml:5:39 rollouts[0].job.targets[1]: expected a group of the fleet (perhaps trackers), found "tackers"',
    ],
  },
  {
    about: 'gators take no jobs, trackers no firmware_image, and nobody is targeted twice',
    text: rollouts('- job: { targets: [trackers, gators, trackers], image: app }\n- firmwareImage: { targets: [trackers], image: app }'),
    problems: [
      's.yaml:7:30 rollouts[0].job.targets[1]: expected a group of tracker, upparat or plugin devices, found gators, of data-gator devices',
      's.yaml:7:38 rollouts[0].job.targets[2]: expected every target once, found "trackers" a second time',
      's.yaml:8:30 rollouts[1].firmwareImage.targets[0]: expected a group of data-gator devices, found trackers, of tracker devices',
      's.yaml:8:30 rollouts[1].firmwareImage.targets[0]: expected another group, image or start than rollouts[0], found app to trackers at 0ms again',
    ],
  },
  {
    about: 'an image that is a byte too large for the smallest slot of its targets',
    text: `name: x
fleet:
  roomy: { kind: tracker, count: 1, firmware: 1.0.0, slot: 2MiB }
  tight: { kind: tracker, count: 1, firmware: 1.0.0, slot: 1MiB }
images: { app: { version: 1.0.1, size: 1048577B } }
rollouts: [job: { targets: [roomy, tight], image: app }]`,
    problems: [
      's.yaml:6:51 rollouts[0].job.image: expected an image that fits the slot of tight, 1 MiB (1048576 bytes), found app of 1 MiB (1048577 bytes)',
    ],
  },
  {
    about: 'more gateways than gators, and a group that is called like the gateways of another',
    text: `name: x
fleet:
  gators: { kind: data-gator, count: 2, gateways: 3, firmware: 1.0.0 }
  gators-gateways: { kind: tracker, count: 2, firmware: 1.0.0 }
${IMAGES}
rollouts: [firmwareImage: { targets: [gators], image: app }]`,
    problems: [
      's.yaml:3:51 fleet.gators.gateways: expected at most 2 gateways for 2 devices, found 3',
      's.yaml:4:3 fleet.gators-gateways: expected another name: the gateways of gators form a group gators-gateways, found "gators-gateways"',
    ],
  },
  {
    about: 'a cap below the rate that it caps',
    text: job(`    jobExecutionsRolloutConfig:
      maximumPerMinute: 10
      exponentialRate: { baseRatePerMinute: 50, incrementFactor: 1.5, rateIncreaseCriteria: { numberOfSucceededThings: 5 } }`),
    problems: ['s.yaml:11:25 rollouts[0].job.jobExecutionsRolloutConfig.maximumPerMinute: expected at least baseRatePerMinute, 50, found 10'],
  },
  {
    about: 'retries: eleven in all, of time-outs without a timeout',
    text: job(
      '    jobExecutionsRetryConfig: { criteriaList: [{ failureType: FAILED, numberOfRetries: 6 }, { failureType: TIMED_OUT, numberOfRetries: 5 }] }',
    ),
    problems: [
      's.yaml:10:47 rollouts[0].job.jobExecutionsRetryConfig.criteriaList: expected at most 10 retries in all, found 11',
      's.yaml:10:108 rollouts[0].job.jobExecutionsRetryConfig.criteriaList[1].failureType: expected a timeoutConfig in this job, without which nothing times out, found none',
    ],
  },
  {
    about: 'retries: ALL beside another',
    text: job(
      '    jobExecutionsRetryConfig: { criteriaList: [{ failureType: ALL, numberOfRetries: 1 }, { failureType: FAILED, numberOfRetries: 1 }] }',
    ),
    problems: ['s.yaml:10:63 rollouts[0].job.jobExecutionsRetryConfig.criteriaList[0].failureType: expected ALL to stand alone, found 2 criteria'],
  },
  {
    about: 'retries: the same failure twice',
    text: job(
      '    jobExecutionsRetryConfig: { criteriaList: [{ failureType: FAILED, numberOfRetries: 1 }, { failureType: FAILED, numberOfRetries: 1 }] }',
    ),
    problems: [
      's.yaml:10:108 rollouts[0].job.jobExecutionsRetryConfig.criteriaList[1].failureType: expected every failureType once, found FAILED a second time',
    ],
  },
  {
    about: 'the same image to the same group at the same time',
    text: rollouts('- { at: 5m, job: { targets: [trackers], image: app } }\n- { at: 300s, job: { targets: [trackers], image: app } }'),
    problems: ['s.yaml:8:32 rollouts[1].job.targets[0]: expected another group, image or start than rollouts[0], found app to trackers at 5m again'],
  },
]

const FAULTS_AND_THRESHOLDS: readonly Row[] = [
  {
    about: 'an unknown fault lists the faults',
    text: faults('- { devices: trackers, do: corrupt-imge }'),
    problems: [
      `s.yaml:8:28 faults[0].do: expected ${FAULTS.map(({ name }) => name).join(', ')} or plugin (perhaps corrupt-image), found "corrupt-imge"`,
    ],
  },
  {
    about: 'devices that make no sense, that are not there, and more of them than there are',
    text: faults(`- { devices: 3 % of trackers, do: hang }
- { devices: 101% of trackers, do: hang }
- { devices: 3% of trakers, do: hang }
- { devices: 801 of trackers, do: hang }
- { devices: 3 of gators-gateways, do: hang }`),
    problems: [
      's.yaml:8:14 faults[0].devices: expected devices such as `trackers`, `3% of trackers`, `5 of trackers`, found "3 % of trackers"',
      's.yaml:9:14 faults[1].devices: expected devices such as `trackers`, `3% of trackers`, `5 of trackers`, found "101% of trackers"',
      's.yaml:10:14 faults[2].devices: expected a group of the fleet (perhaps trackers), found "trakers"',
      's.yaml:11:14 faults[3].devices: expected at most the 800 devices of trackers, found 801',
      's.yaml:12:14 faults[4].devices: expected at most the 2 devices of gators-gateways, found 3',
    ],
  },
  {
    about: 'a fault on devices of a kind that can not have it',
    text: faults(`- { devices: trackers, do: crash-loop }
- { devices: 50% of gators, do: crash-loop }
- { devices: 30 of gators, do: twin-client }
- { devices: gators-gateways, do: twin-client }`),
    problems: [
      's.yaml:9:14 faults[1].devices: expected a group of tracker devices for crash-loop, found gators, of data-gator devices',
      's.yaml:10:14 faults[2].devices: expected a group of tracker, scarecro-gateway, freertos-ota, olt-gateway, upparat or plugin devices for twin-client, found gators, of data-gator devices',
    ],
  },
  {
    about: 'the devices of an OLT group are those behind its gateways',
    text: `name: x
fleet:
  lines: { kind: olt-gateway, count: 4, gateways: 2, firmware: 1.0.0 }
images: { app: { version: 1.0.1, size: 24KiB } }
rollouts: [oltInstallation: { targets: [lines], image: app, slot: firmware }]
faults:
- { devices: lines, do: twin-client }
- { devices: lines-gateways, do: twin-client }`,
    problems: [
      's.yaml:7:14 faults[0].devices: expected a group of tracker, scarecro-gateway, freertos-ota, olt-gateway, upparat or plugin devices for twin-client, found lines, of olt-device devices',
    ],
  },
  {
    about: 'a phase in which a fault makes no sense, and a field of another fault',
    text: faults('- { devices: trackers, do: reject, during: download }\n- { devices: trackers, do: hang, for: 30s }'),
    problems: [
      's.yaml:8:44 faults[0].during: expected pickup, found "download"',
      's.yaml:9:34 faults[1].for: expected one of devices, do, during, found "for"',
    ],
  },
  {
    about: 'thresholds are pointed into: plain, quoted, and about groups',
    text: thresholds(`- succeeded > = 95%
- "failed(tracker) == 0"
- failed(gators) == 0
- p95(connect, gators-gateways) < 3s
- 95%`),
    problems: [
      's.yaml:8:15 thresholds[0]: expected a percentage such as 95% or a whole number, found "="',
      's.yaml:9:11 thresholds[1]: expected a group of the fleet (perhaps trackers), found "tracker"',
      's.yaml:10:10 thresholds[2]: expected a group that a rollout targets (trackers), found "gators"',
      's.yaml:12:3 thresholds[4]: expected a measure: succeeded, failed, rejected, timed_out, canceled, not_notified, wrong_image, rolled_back, bricked, hurt, time_to, duration, p50, p95, p99, found "95%"',
    ],
  },
]

describe.each([
  ['YAML', YAML],
  ['fields', FIELDS],
  ['sense', SENSE],
  ['faults and thresholds', FAULTS_AND_THRESHOLDS],
] as const)('problems: %s', (_, table) => {
  test.each(table)('$about', ({ text, problems }) => {
    expect(problemsOf(text)).toEqual(problems)
  })
})

test('at most a hundred problems are told', () => {
  const entries = Array.from({ length: 150 }, (_, i) => `- { devices: group-${i}, do: hang }`).join('\n')
  expect(problemsOf(faults(entries))).toHaveLength(100)
})

function problemsOf(text: string): string[] {
  const loaded = parseScenario(text, 's.yaml')
  return 'problems' in loaded ? loaded.problems.map(formatProblem) : []
}
