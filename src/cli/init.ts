import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CommandModule } from 'yargs'
import { UserError } from '../errors.ts'
import { VERSION } from '../version.ts'

/** What a new project gets as it is shipped in the package. */
const SHIPPED = ['scenarios/exponential.yaml', 'schema/scenario.schema.json', 'docker-compose.yml', 'dashboards'] as const
/** The compose file builds from it; that of the package builds from sources, which a new project doesn't have. */
const DOCKERFILE = 'Dockerfile'
const FILES = [...SHIPPED, DOCKERFILE]

/** The same from `src/cli` and from `dist/cli`. */
const PACKAGE = fileURLToPath(new URL('../../', import.meta.url))

/** `fleetsim init [dir]`: a first scenario, and what shows its metrics. */
export const initCommand: CommandModule<object, { dir: string }> = {
  command: 'init [dir]',
  describe: 'Write a first scenario, docker-compose.yml, Dockerfile and dashboards',
  builder: (yargs) => yargs.positional('dir', { describe: 'Where to', type: 'string', default: '.' }),
  handler: ({ dir }) => {
    writeStarterFiles(PACKAGE, dir)
    console.log(FILES.map((file) => `wrote ${join(dir, file)}`).join('\n'))
    console.log(`next: fleetsim validate ${join(dir, SHIPPED[0])}`)
  },
}

/** All or nothing: throws a UserError before the first file is written when one of them is there already. */
export function writeStarterFiles(packageDir: string, dir: string): void {
  const taken = FILES.filter((file) => existsSync(join(dir, file)))
  if (taken.length > 0) {
    const list = taken.map((file) => join(dir, file)).join(', ')
    throw new UserError(
      `${list} ${taken.length === 1 ? 'exists' : 'exist'} already and init never overwrites. Choose another directory: fleetsim init <dir>`,
      2,
    )
  }
  for (const file of SHIPPED) {
    const to = join(dir, file)
    mkdirSync(dirname(to), { recursive: true })
    cpSync(join(packageDir, file), to, { recursive: true, errorOnExist: true, force: false })
  }
  writeFileSync(join(dir, DOCKERFILE), dockerfile(VERSION), { flag: 'wx' })
}

/** fleetsim as npm has it. Scenarios come as a volume, results go into one: see docker-compose.yml. */
function dockerfile(version: string): string {
  return `FROM node:22-bookworm-slim
ENV NODE_ENV=production
RUN npm install --global fleetsim@${version}
WORKDIR /app
RUN mkdir runs && chown node:node runs
USER node
# Metrics; the embedded cloud: MQTT, HTTP.
EXPOSE 9464 1883 4610
ENTRYPOINT ["fleetsim"]
CMD ["--help"]
`
}
