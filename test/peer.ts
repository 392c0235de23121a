import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, test } from 'vitest'

/** Programs of others that some tests talk to. Where one is missing its tests are left out, and the run says so at its end; with CI=true they fail. */
const PEERS = {
  Prometheus: { programs: ['prometheus', 'promtool'], install: 'apt-get install prometheus' },
  'AWS CLI': { programs: ['aws'], install: 'apt-get install awscli' },
  'mosquitto clients': { programs: ['mosquitto_pub', 'mosquitto_sub', 'mosquitto_rr'], install: 'apt-get install mosquitto-clients' },
  Chromium: { programs: ['chromium'], install: 'apt-get install chromium' },
} as const

export type Peer = keyof typeof PEERS

/** `describe`, for tests that talk to a peer. */
export function describeWith(peer: Peer, name: string, suite: () => void): void {
  const { programs, install } = PEERS[peer]
  const missing = programs.filter((program) => pathOf(program) === undefined)
  if (missing.length === 0) describe(name, suite)
  else if (process.env['CI'] === 'true') test(name, () => Promise.reject(new Error(`${missing.join(', ')} not found on the PATH: ${install}`)))
  else describe.skip(`${name} [needs ${peer}: ${install}]`, suite)
}

/** Where a program is on the PATH. */
function pathOf(program: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((directory) => join(directory, program))
    .find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
