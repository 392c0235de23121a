import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { CloudProgram } from './cloud-program.ts'

/** A line to type, and what must come of it. */
export interface Step {
  /** Of the test; the line itself if not given. */
  readonly title?: string
  readonly run: string
  /** Members of the JSON that is printed, or a pattern of the text; without it nothing may be printed. */
  readonly out?: object | RegExp
  /** The error that AWS names; `out` is then a pattern of its message. */
  readonly error?: string
}

interface End {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** `aws` always goes to the cloud; mosquitto's clients find it with `$MQTT`. */
const PRELUDE = 'aws() { command aws --endpoint-url "$ENDPOINT" "$@"; }\n'

/** A bash in a folder of its own, with the AWS CLI set up for a cloud. */
export class Shell {
  readonly folder = mkdtempSync(join(tmpdir(), 'fleetsim-shell-'))
  readonly #env: Readonly<Record<string, string>>
  #serviceError: Promise<number> | undefined

  constructor({ httpUrl, mqttHost, mqttPort }: CloudProgram) {
    writeFileSync(join(this.folder, 'config'), '[default]\ncli_timestamp_format = iso8601\n')
    this.#env = {
      PATH: process.env['PATH']!,
      HOME: this.folder,
      ENDPOINT: httpUrl,
      MQTT: `-h ${mqttHost} -p ${mqttPort}`,
      AWS_CONFIG_FILE: join(this.folder, 'config'),
      AWS_ACCESS_KEY_ID: 'FLEETSIM',
      AWS_SECRET_ACCESS_KEY: 'fleetsim',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_PAGER: '',
    }
  }

  run(line: string): Promise<End> {
    return new Promise((resolve) => {
      execFile('bash', ['-c', PRELUDE + line], { cwd: this.folder, env: this.#env }, (error, stdout, stderr) =>
        resolve({ exitCode: error ? Number(error.code) : 0, stdout, stderr }),
      )
    })
  }

  /** Starts lines that may run for ever, as the leader of a group of processes. The environment is bare but for PATH and HOME. */
  spawn(lines: string): ChildProcess {
    const { PATH, HOME } = this.#env
    return spawn('bash', ['-c', lines], { cwd: this.folder, env: { PATH, HOME }, detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
  }

  /** The exit code of `aws` for an error that the service returned: 254, and 255 before version 2. */
  serviceError(): Promise<number> {
    this.#serviceError ??= this.run('aws --version 2>&1').then(({ stdout }) => (stdout.startsWith('aws-cli/1.') ? 255 : 254))
    return this.#serviceError
  }

  close(): void {
    rmSync(this.folder, { recursive: true })
  }
}

/** One test a line, one after the other. */
export function inOrder(name: string, shell: () => Shell, steps: readonly Step[]): void {
  describe(name, () => test.each(titled(steps))('%s', (_, step) => check(shell(), step)))
}

/** One test a line, all at once: for lines that don't depend on each other. */
export function inAnyOrder(name: string, shell: () => Shell, steps: readonly Step[]): void {
  describe(name, () => test.concurrent.each(titled(steps))('%s', (_, step) => check(shell(), step)))
}

function titled(steps: readonly Step[]): [string, Step][] {
  return steps.map((step) => [step.title ?? step.run, step])
}

async function check(shell: Shell, { run, out, error }: Step): Promise<void> {
  const { exitCode, stdout, stderr } = await shell.run(run)
  if (error !== undefined) {
    expect(stderr).toContain(`(${error})`)
    if (out instanceof RegExp) expect(stderr).toMatch(out)
    expect([exitCode, stdout]).toEqual([await shell.serviceError(), ''])
    return
  }
  expect([exitCode, stderr]).toEqual([0, ''])
  if (out === undefined) expect(stdout).toBe('')
  else if (out instanceof RegExp) expect(stdout).toMatch(out)
  else expect(JSON.parse(stdout)).toMatchObject(out)
}
