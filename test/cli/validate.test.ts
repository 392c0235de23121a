import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import yargs from 'yargs'
import { validateCommand } from '../../src/cli/validate.ts'
import { schemaCommand } from '../../src/cli/schema.ts'
import type { Forecast } from '../../src/scenario/forecast.ts'
import { scenarioJsonSchema } from '../../src/scenario/json-schema.ts'

let out: string
let err: string

beforeEach(() => {
  out = ''
  err = ''
  vi.stubEnv('GITHUB_ACTIONS', undefined)
  vi.spyOn(console, 'log').mockImplementation((text: string) => void (out += `${text}\n`))
  vi.spyOn(console, 'error').mockImplementation((text: string) => void (err += `${text}\n`))
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text)
    return true
  })
})

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  process.exitCode = undefined
})

test('good scenarios are told about, one after the other', async () => {
  await fleetsim('validate', 'scenarios/exponential.yaml', 'scenarios/million.yaml')
  expect(out).toMatch(/^exponential: [^]*\n\nmillion: /)
  expect(err).toBe('')
  expect(process.exitCode).toBeUndefined()
})

test('as JSON, with an override', async () => {
  await fleetsim('validate', '--json', '--set', 'fleet.trackers.count=80', 'scenarios/exponential.yaml')
  const [forecast] = JSON.parse(out) as Forecast[]
  expect(forecast).toMatchObject({ name: 'exponential', devices: 290, expectedMs: expect.any(Number) as number })
})

test('problems go to stderr, one a line, and the exit code is 104', async () => {
  await fleetsim('validate', 'scenarios/exponential.yaml', '--set', 'seed=x', '--set', 'fleet.gators.gateways=500')
  expect(out).toBe('')
  expect(err).toBe(
    '--set:1 seed: expected a whole number from 0 to 2147483647, found "x"\n' +
      '--set:2 fleet.gators.gateways: expected at most 200 gateways for 200 devices, found 500\n',
  )
  expect(process.exitCode).toBe(104)
})

test('the good ones among bad ones are still told about', async () => {
  await fleetsim('validate', 'scenarios/nowhere.yaml', 'scenarios/million.yaml')
  expect(out).toMatch(/^million: /)
  expect(err).toBe('scenarios/nowhere.yaml:1:1 scenario: expected a scenario file that can be read, found no such file\n')
  expect(process.exitCode).toBe(104)
})

test('on GitHub, problems are annotations, too', async () => {
  vi.stubEnv('GITHUB_ACTIONS', 'true')
  await fleetsim('validate', 'scenarios/no,where.yaml')
  expect(err.split('\n')[1]).toBe(
    '::error file=scenarios/no%2Cwhere.yaml,line=1,col=1::scenario: expected a scenario file that can be read, found no such file',
  )
})

test('the schema is printed as JSON', async () => {
  await fleetsim('schema')
  expect(JSON.parse(out)).toEqual(JSON.parse(JSON.stringify(scenarioJsonSchema())))
})

async function fleetsim(...args: string[]): Promise<void> {
  await yargs(args).command(validateCommand).command(schemaCommand).strict().fail(false).parseAsync()
}
