import { cpSync, existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CommandModule } from 'yargs'
import { UserError } from '../errors.ts'

/** What a new project gets, as it is shipped in the package. */
const STARTER_FILES = ['scenarios/exponential.yaml', 'schema/scenario.schema.json', 'docker-compose.yml', 'dashboards'] as const

/** The same from `src/cli` and from `dist/cli`. */
const PACKAGE = fileURLToPath(new URL('../../', import.meta.url))

/** `fleetsim init [dir]`: a first scenario, and what shows its metrics. */
export const initCommand: CommandModule<object, { dir: string }> = {
  command: 'init [dir]',
  describe: 'Write a first scenario, docker-compose.yml and dashboards',
  builder: (yargs) => yargs.positional('dir', { describe: 'Where to', type: 'string', default: '.' }),
  handler: ({ dir }) => {
    writeStarterFiles(PACKAGE, dir)
    console.log(STARTER_FILES.map((file) => `wrote ${join(dir, file)}`).join('\n'))
    console.log(`next: fleetsim validate ${join(dir, STARTER_FILES[0])}`)
  },
}

/** All or nothing: throws a UserError before the first file is written when one of them is there already. */
export function writeStarterFiles(packageDir: string, dir: string): void {
  const taken = STARTER_FILES.filter((file) => existsSync(join(dir, file)))
  if (taken.length > 0) {
    const list = taken.map((file) => join(dir, file)).join(', ')
    throw new UserError(
      `${list} ${taken.length === 1 ? 'exists' : 'exist'} already and init never overwrites. Choose another directory: fleetsim init <dir>`,
      2,
    )
  }
  for (const file of STARTER_FILES) {
    const to = join(dir, file)
    mkdirSync(dirname(to), { recursive: true })
    cpSync(join(packageDir, file), to, { recursive: true, errorOnExist: true, force: false })
  }
}
