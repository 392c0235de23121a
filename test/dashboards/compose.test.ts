import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { writeStarterFiles } from '../../src/cli/init.ts'

interface Service {
  readonly image?: string
  readonly build?: { readonly context: string }
  readonly user?: string
  readonly init?: boolean
  readonly stop_grace_period?: string
  readonly healthcheck?: { readonly test: readonly string[] }
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
  readonly command?: readonly string[]
  readonly profiles?: readonly string[]
}

const repository = fileURLToPath(new URL('../../', import.meta.url))
const starter = mkdtempSync(join(tmpdir(), 'fleetsim-starter-'))
writeStarterFiles(repository, starter)

afterAll(() => rmSync(starter, { recursive: true }))

describe.each([
  ['the repository', repository],
  ['what init writes', starter],
])('%s', (_, root) => {
  const file = readFileSync(join(root, 'docker-compose.yml'), 'utf8')
  const compose = parse(file) as { name: string; services: Record<string, Service>; volumes: Record<string, unknown> }
  const services = Object.entries(compose.services)

  test('dclint finds nothing', () => {
    const dclint = join(repository, 'node_modules/dclint/bin/dclint.cjs')
    const output = execFileSync(process.execPath, [dclint, 'docker-compose.yml', '--max-warnings', '0', '--formatter', 'json'], {
      cwd: root,
      encoding: 'utf8',
    })
    const results = JSON.parse(output) as { messages: unknown[] }[]
    expect(results.flatMap(({ messages }) => messages)).toEqual([])
  })

  test('the project has a name, and every variable of the environment a word of explanation', () => {
    expect(compose.name).toBe('fleetsim')
    const comments = file
      .split('\n')
      .filter((line) => line.startsWith('#'))
      .join('\n')
    for (const [, name] of file.matchAll(/\$\{(\w+)/g)) expect(comments).toContain(`${name}=`)
  })

  test('the scenario that the comment names is there, and so is the one that runs otherwise', () => {
    const named = [...file.matchAll(/\bSCENARIO=(\S+)|\$\{SCENARIO:-([^}]+)\}/g)].map(([, inComment, byDefault]) => (inComment ?? byDefault)!)
    expect(named).toHaveLength(2)
    for (const scenario of named) expect(existsSync(join(root, scenario)), scenario).toBe(true)
  })

  test('without a profile, one command gives a run, Prometheus and Grafana', () => {
    expect(services.filter(([, { profiles }]) => !profiles).map(([name]) => name)).toEqual(['fleetsim', 'grafana', 'prometheus'])
    expect(compose.services['cloud']?.profiles).toEqual(['cloud'])
  })

  test('Prometheus scrapes the port that the run serves', () => {
    const prometheus = parse(readFileSync(join(root, 'dashboards/prometheus.yml'), 'utf8')) as {
      global: { scrape_interval: string }
      scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[]
    }
    expect(prometheus.global.scrape_interval).toBe('1s')
    expect(prometheus.scrape_configs).toMatchObject([{ job_name: 'fleetsim', static_configs: [{ targets: ['fleetsim:9464'] }] }])
    expect(compose.services['fleetsim']?.command).toEqual(expect.arrayContaining(['--metrics-host', '0.0.0.0']))
  })

  describe.each(services)('%s', (_, service) => {
    test('comes from an image with an exact version, or from here', () => {
      if (service.build) expect(existsSync(join(root, service.build.context, 'Dockerfile'))).toBe(true)
      else expect(service.image).toMatch(/^[\w./-]+:v?\d+\.\d+\.\d+$/)
    })

    test('listens on this machine only', () => {
      for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/)
    })

    test('mounts what exists, and files of the project read-only', () => {
      for (const volume of service.volumes ?? []) {
        const [source, , mode] = volume.split(':')
        if (!source?.startsWith('.')) expect(Object.keys(compose.volumes)).toContain(source)
        else expect([existsSync(join(root, source)), mode], source).toEqual([true, 'ro'])
      }
    })

    test('runs as an ordinary user, says how it is, and has time to stop', () => {
      expect(service.user).not.toMatch(/^(root|0)?$/)
      expect(service).toMatchObject({ init: true, stop_grace_period: '30s', healthcheck: { test: expect.arrayContaining(['CMD']) } })
    })

    test('waits for the health of what it needs', () => {
      for (const [name, { condition }] of Object.entries(service.depends_on ?? {})) {
        expect([compose.services[name] !== undefined, condition]).toEqual([true, 'service_healthy'])
      }
    })
  })

  test('the images of the Dockerfile are pinned to a version, and the last stage is not root', () => {
    const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8')
    for (const [, image] of dockerfile.matchAll(/^FROM (\S+)/gm)) expect(image).toMatch(/^node:\d+-\w+-slim$/)
    expect(dockerfile.lastIndexOf('\nUSER node\n')).toBeGreaterThan(dockerfile.lastIndexOf('\nFROM '))
  })
})
