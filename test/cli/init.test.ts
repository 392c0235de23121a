import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeStarterFiles } from '../../src/cli/init.ts'
import { UserError } from '../../src/errors.ts'
import { VERSION } from '../../src/version.ts'

let root: string
let shipped: string
let project: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fleetsim-init-'))
  shipped = join(root, 'package')
  project = join(root, 'project')
  for (const dir of ['scenarios', 'schema', 'dashboards/fleet']) mkdirSync(join(shipped, dir), { recursive: true })
  const files = [
    'scenarios/exponential.yaml',
    'scenarios/million.yaml',
    'schema/scenario.schema.json',
    'docker-compose.yml',
    'dashboards/fleet/rollout.json',
  ]
  for (const file of files) writeFileSync(join(shipped, file), `shipped ${file}`)
})

afterEach(() => rmSync(root, { recursive: true }))

test('a directory that is not there yet gets the first scenario and what belongs to it', () => {
  writeStarterFiles(shipped, project)
  expect(readdirSync(project).toSorted()).toEqual(['Dockerfile', 'dashboards', 'docker-compose.yml', 'scenarios', 'schema'])
  expect(readdirSync(join(project, 'scenarios'))).toEqual(['exponential.yaml'])
  expect(readFileSync(join(project, 'dashboards/fleet/rollout.json'), 'utf8')).toBe('shipped dashboards/fleet/rollout.json')
})

test('the image is that of the version which wrote it', () => {
  writeStarterFiles(shipped, project)
  expect(readFileSync(join(project, 'Dockerfile'), 'utf8')).toContain(`RUN npm install --global fleetsim@${VERSION}\n`)
})

test('other files in the directory are left alone', () => {
  mkdirSync(join(project, 'scenarios'), { recursive: true })
  writeFileSync(join(project, 'scenarios/mine.yaml'), 'mine')
  writeStarterFiles(shipped, project)
  expect(readdirSync(join(project, 'scenarios')).toSorted()).toEqual(['exponential.yaml', 'mine.yaml'])
  expect(readFileSync(join(project, 'scenarios/mine.yaml'), 'utf8')).toBe('mine')
})

test('nothing is overwritten, and nothing is written when something would be', () => {
  mkdirSync(project)
  writeFileSync(join(project, 'docker-compose.yml'), 'mine')
  const refused = catchError(() => writeStarterFiles(shipped, project))
  expect(refused).toBeInstanceOf(UserError)
  expect(refused).toMatchObject({ exitCode: 2, message: expect.stringContaining(`${join(project, 'docker-compose.yml')} exists already`) as string })
  expect(readdirSync(project)).toEqual(['docker-compose.yml'])
  expect(readFileSync(join(project, 'docker-compose.yml'), 'utf8')).toBe('mine')
})

function catchError(run: () => void): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  return undefined
}
