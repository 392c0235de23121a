import { expect, test } from 'vitest'
import { formatProblem } from '../../src/scenario/problem.ts'
import { parseScenario } from '../../src/scenario/load.ts'

const problems = (rollout: string, rest = '') => {
  const text = `name: x
fleet:
  lights: { kind: olt-gateway, count: 4, gateways: 2, firmware: 1.0.0, slots: [firmware, radio] }
  trackers: { kind: tracker, count: 1, firmware: 1.0.0 }
images: { app: { version: 1.0.1, size: 1KiB } }
rollouts:
- oltInstallation: { image: app, ${rollout} }
${rest}`
  const loaded = parseScenario(text, 's.yaml')
  return 'problems' in loaded ? loaded.problems.map(formatProblem) : []
}

test('an OLT rollout of devices, slots and clouds that there are', () => {
  expect(problems('targets: [lights], slot: radio')).toEqual([])
  expect(problems('targets: [lights], slot: configuration')).toEqual([
    's.yaml:7:59 rollouts[0].oltInstallation.slot: expected a slot of lights (firmware, radio), found "configuration"',
  ])
  expect(problems('targets: [trackers]')).toEqual([
    's.yaml:7:44 rollouts[0].oltInstallation.targets[0]: expected a group of olt-gateway devices, found trackers, of tracker devices',
  ])
})

test('is refused where there is no such platform', () => {
  expect(problems('targets: [lights]', 'cloud: aws')).toEqual([
    's.yaml:7:3 rollouts[0].oltInstallation: expected cloud: embedded, for an OLT rollout, found cloud: aws, which has no OLT platform',
  ])
  expect(problems('targets: [lights]', 'cloud: { endpoint: "http://127.0.0.1:4610" }')).toEqual([
    's.yaml:7:3 rollouts[0].oltInstallation: expected cloud: embedded, for an OLT rollout, found cloud: http://127.0.0.1:4610',
  ])
})
