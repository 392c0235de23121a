import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadWithPlugins } from '../../src/cli/load-scenario.ts'
import { formatProblem } from '../../src/scenario/problem.ts'
import { temporaryDirectory } from '../scenarios/rehearsed.ts'

const DEVICE = `import { defineDevice, z } from 'fleetsim/plugin'
export default defineDevice({ name: 'lock', config: z.strictObject({ quiet: z.int().min(1).max(9) }), firmware: () => function* () {} })`
const FAULT = `import { defineFault } from 'fleetsim/plugin'
export default defineFault({ name: 'jam', phases: ['install', 'reboot'], strike() {} })`

/** What is said about a scenario with these fields of its group and its fault, and these modules beside it. */
async function problemsOf(group: string, fault: string, modules: Readonly<Record<string, string>>): Promise<string[]> {
  const directory = temporaryDirectory()
  for (const [name, code] of Object.entries({ 'device.js': DEVICE, 'fault.js': FAULT, ...modules })) writeFileSync(join(directory, name), code)
  const scenario = join(directory, 's.yaml')
  writeFileSync(
    scenario,
    `name: s
fleet:
  locks: { kind: plugin, count: 3, firmware: 1.0.0, ${group} }
images: { app: { version: 1.0.1, size: 1KiB } }
rollouts: [{ job: { targets: [locks], image: app } }]
faults: [{ devices: locks, do: plugin, ${fault} }]
`,
  )
  const loaded = await loadWithPlugins(scenario, {})
  return 'problems' in loaded ? loaded.problems.map(formatProblem).map((line) => line.replace(`${directory}/`, '')) : []
}

const GOOD = 'uses: ./device.js, config: { quiet: 3 }'
const GOOD_FAULT = 'uses: ./fault.js, during: install'

test.each<[about: string, group: string, fault: string, modules: Record<string, string>, problems: string[]]>([
  ['all is well', GOOD, GOOD_FAULT, {}, []],
  [
    'modules that are not there',
    'uses: ./nowhere.js',
    GOOD_FAULT,
    {},
    ['s.yaml:3:59 fleet.locks.uses: expected a module that can be read, relative to the scenario, found no such file'],
  ],
  [
    'a module that throws as it loads, and one without a default export',
    'uses: ./throws.js',
    'uses: ./empty.js, during: install',
    { 'throws.js': "\nthrow new Error('no key')", 'empty.js': 'export const a = 1' },
    [
      's.yaml:3:59 fleet.locks.uses: expected a module that loads, found Error: no key at throws.js:2',
      's.yaml:6:46 faults[0].uses: expected a module with `export default defineDevice(…)` or `defineFault(…)`, found no default export',
    ],
  ],
  [
    'a fault where a device is wanted, and the other way round',
    'uses: ./fault.js',
    'uses: ./device.js, during: install',
    {},
    [
      's.yaml:3:59 fleet.locks.uses: expected a module that is a device, found a fault',
      's.yaml:6:46 faults[0].uses: expected a module that is a fault, found a device',
    ],
  ],
  [
    'a config that its schema refuses, and one that nobody asked for',
    'uses: ./device.js, config: { quiet: 30, loud: true }',
    `${GOOD_FAULT}, config: { a: 1 }`,
    {},
    [
      's.yaml:3:89 fleet.locks.config.quiet: expected a whole number from 1 to 9, found 30',
      's.yaml:3:93 fleet.locks.config.loud: expected one of quiet, found "loud"',
      's.yaml:6:85 faults[0].config.a: expected no field at all, found "a"',
    ],
  ],
  [
    'a phase that is not one of the fault',
    GOOD,
    'uses: ./fault.js, during: download',
    {},
    ['s.yaml:6:66 faults[0].during: expected install or reboot, found "download"'],
  ],
  [
    'a device that can not be set up with its config',
    'uses: ./bad.js',
    GOOD_FAULT,
    { 'bad.js': "export default { name: 'bad', firmware: () => { throw new Error('no battery') } }" },
    [
      's.yaml:3:59 fleet.locks.uses: expected firmware(config) that returns a generator function, and plain data from flash(config), found Error: no battery at bad.js:1',
    ],
  ],
  [
    'flash that is no plain data',
    'uses: ./flash.js',
    GOOD_FAULT,
    { 'flash.js': "export default { name: 'x', flash: () => ({ hook() {} }), firmware: () => function* () {} }" },
    [
      's.yaml:3:59 fleet.locks.uses: expected firmware(config) that returns a generator function, and plain data from flash(config), found DataCloneError: hook() {} could not be cloned.',
    ],
  ],
  [
    'a schema of another make, and a name that is none',
    'uses: ./schema.js',
    'uses: ./name.js, during: install',
    {
      'schema.js': "export default { name: 'x', config: { type: 'object' }, firmware() {} }",
      'name.js': "export default { name: 'My Fault', strike() {} }",
    },
    [
      's.yaml:3:59 fleet.locks.uses: expected config to be a schema of zod (z of fleetsim/plugin), found an Object',
      's.yaml:6:46 faults[0].uses: expected a name of lower-case letters, digits and dashes in its default export, found "My Fault"',
    ],
  ],
])('%s', async (_, group, fault, modules, problems) => {
  expect(await problemsOf(group, fault, modules)).toEqual(problems)
})
