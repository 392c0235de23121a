/**
 * Who may import whom in `src/`: docs/architecture.md as data. `test/tidy.test.ts` holds the sources to it, and `.oxlintrc.json` says the same to
 * editors (the test compares the two).
 */
export interface FolderRules {
  /** Other folders of `src/`, or single files of theirs. The leaves (`errors.ts`, `random.ts`, `units.ts`, `version.ts`) are open to everyone. */
  readonly folders: readonly string[]
  /** Packages and Node's own modules. */
  readonly packages: readonly string[]
}

const OF_SCENARIO = ['scenario/scenario.ts', 'scenario/schema.ts']

export const FOLDERS: Readonly<Record<string, FolderRules>> = {
  ports: { folders: [], packages: ['zod'] },
  protocol: { folders: [], packages: [] },
  clock: { folders: ['ports'], packages: [] },
  network: { folders: ['ports'], packages: ['zod'] },
  faults: { folders: ['ports'], packages: ['zod'] },
  transport: { folders: ['ports', 'protocol'], packages: ['mqtt', 'undici', 'aws-iot-device-sdk-v2', 'node:*'] },
  devices: { folders: ['ports', 'protocol', 'network'], packages: ['zod', 'cborg', 'node:zlib', 'node:crypto', 'node:buffer'] },
  cloud: {
    folders: ['ports', 'protocol'],
    packages: ['zod', 'aedes', 'fast-xml-parser', 'cborg', 'croner', 'lmdb', 'ws', 'yaml', '@peculiar/x509', 'reflect-metadata', 'node:*'],
  },
  controller: { folders: ['ports', 'protocol', ...OF_SCENARIO], packages: ['zod', '@aws-sdk/*', 'node:*'] },
  scenario: {
    folders: [
      'controller/config.ts',
      'devices/**/config.ts',
      'faults/config.ts',
      'network/config.ts',
      'report/threshold.ts',
      'report/parse-threshold.ts',
    ],
    packages: ['zod', 'yaml', 'node:fs', 'node:path'],
  },
  report: { folders: ['ports', 'controller/config.ts', ...OF_SCENARIO], packages: ['zod', 'string-width', 'uplot', 'node:*'] },
  metrics: { folders: ['ports'], packages: ['prom-client', 'node:http', 'node:net'] },
  plugins: { folders: ['ports', 'devices'], packages: ['zod', 'node:child_process', 'node:fs', 'node:module', 'node:path', 'node:url'] },
  run: {
    folders: ['ports', 'plugins', 'protocol', 'clock', 'network', 'faults', 'transport', 'devices', 'cloud', 'controller', 'metrics', 'scenario'],
    packages: ['piscina', 'node:*'],
  },
  cli: { folders: ['ports', 'plugins', 'clock', 'cloud', 'metrics', 'report', 'run', 'scenario'], packages: ['yargs', 'log-update', 'node:*'] },
}

/** The only places that see real time, real randomness, the process or the terminal. Everywhere else they come in. */
const REAL_WORLD: readonly string[] = [
  'src/main.ts',
  'src/version.ts',
  'src/cli/**',
  'src/run/**',
  'src/plugins/load.ts',
  'src/clock/**',
  'src/transport/**',
  'src/cloud/mqtt/**',
  'src/cloud/http/**',
  'src/cloud/cloud.ts',
  'src/controller/aws-clients.ts',
]

/** `overrides` of `.oxlintrc.json`. */
export function lintOverrides(): object[] {
  return [
    ...Object.entries(FOLDERS).map(([folder, rules]) => ({
      files: [`src/${folder}/**`],
      rules: {
        'no-restricted-imports': [
          'error',
          { patterns: [{ group: forbidden(folder, rules), message: `src/${folder}: docs/architecture.md, imports` }] },
        ],
      },
    })),
    { files: ['src/**'], rules: { 'no-restricted-globals': ['error', ...GLOBALS], 'no-restricted-properties': ['error', ...PROPERTIES] } },
    { files: REAL_WORLD, rules: { 'no-restricted-globals': 'off', 'no-restricted-properties': 'off' } },
  ]
}

const IN = 'time, randomness and the process come in from outside (docs/architecture.md)'
const GLOBALS = ['process', 'console', 'setTimeout', 'setInterval', 'setImmediate', 'performance', 'fetch'].map((name) => ({ name, message: IN }))
const PROPERTIES = [
  { object: 'Date', property: 'now', message: IN },
  { object: 'Math', property: 'random', message: IN },
]

/** gitignore patterns of what a folder may not import; a later `!` allows again. */
function forbidden(folder: string, { folders, packages }: FolderRules): string[] {
  const others = Object.keys(FOLDERS).filter((name) => name !== folder && !folders.includes(name))
  const files = folders.filter((entry) => entry.includes('/')).map((file) => `!**/${file}`)
  const node = packages.includes('node:*') ? [] : ['node:*', ...packages.filter((name) => name.startsWith('node:')).map((name) => `!${name}`)]
  return [...others.map((name) => `**/${name}/**`), ...files, ...node]
}
