import { describe, expect, test } from 'vitest'
import { parseScenario } from '../../src/scenario/load.ts'
import { formatProblem } from '../../src/scenario/problem.ts'

const SMALL = `name: small
fleet: { trackers: { kind: tracker, count: 8, firmware: 1.0.0 } }
images: { app: { version: 1.0.1, size: 240KiB } }
rollouts: [job: { targets: [trackers], image: app }]
`

const load = (lines: string, ...set: string[]) => {
  const loaded = parseScenario(SMALL + lines, 's.yaml', { set })
  return 'scenario' in loaded ? loaded.scenario : loaded.problems.map(formatProblem)
}

describe('where a rollout takes place', () => {
  test.each([
    ['', { type: 'embedded', limits: 'off' }, 60],
    ['cloud: embedded', { type: 'embedded', limits: 'off' }, 60],
    ['cloud: { embedded: { limits: aws-default } }', { type: 'embedded', limits: 'aws-default' }, 60],
    ['cloud: aws', { type: 'aws', certificates: 'shared', endpoints: {} }, 1],
    [
      'cloud: { aws: { region: eu-west-1, profile: lab, certificates: per-device, endpoints: { iot: "https://localhost:1", mqtt: "mqtts://localhost:2" } } }',
      {
        type: 'aws',
        region: 'eu-west-1',
        profile: 'lab',
        certificates: 'per-device',
        endpoints: { iot: 'https://localhost:1', mqtt: 'mqtts://localhost:2' },
      },
      1,
    ],
    [
      'cloud: { endpoint: "http://localhost:4566", mqtt: "mqtt://localhost:1883" }',
      { type: 'endpoint', endpoint: 'http://localhost:4566', mqtt: 'mqtt://localhost:1883' },
      1,
    ],
  ])('%s', (lines, cloud, speed) => {
    expect(load(lines)).toMatchObject({ cloud, time: { speed } })
  })

  test.each([
    ['cloud: amazon', ['s.yaml:5:8 cloud: expected embedded, aws, a map of embedded, a map of aws or a map of endpoint, found "amazon"']],
    ['cloud: { aws: { region: Ireland } }', ['s.yaml:5:25 cloud.aws.region: expected a region such as us-east-1, found "Ireland"']],
    ['cloud: { aws: { regoin: eu-west-1 } }', ['s.yaml:5:17 cloud.aws.regoin: expected a name that is known here (perhaps region), found "regoin"']],
    [
      'cloud: { endpoint: localhost }',
      ['s.yaml:5:20 cloud.endpoint: expected a URL of an AWS-compatible cloud that begins with http:// or https://, found "localhost"'],
    ],
    ['cloud: aws\ntime: { speed: 60 }', ['s.yaml:6:16 time.speed: expected 1, or nothing: AWS keeps real time, found 60']],
    ['cloud: aws\ntime: { speed: max }', ['s.yaml:6:16 time.speed: expected 1, or nothing: AWS keeps real time, found "max"']],
  ])('%s is refused', (lines, problems) => {
    expect(load(lines)).toEqual(problems)
  })

  test('an override puts another cloud in its place', () => {
    expect(load('cloud: embedded', 'cloud=aws')).toMatchObject({ cloud: { type: 'aws' }, time: { speed: 1 } })
  })
})
