import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, test } from 'vitest'

/** Programs of others that some tests talk to. Where one is missing its tests are left out, and the run says so at its end; with CI=true they fail. */
const PEERS = {
  Prometheus: { programs: ['prometheus', 'promtool'], install: 'apt-get install prometheus' },
  'AWS CLI': { programs: ['aws'], install: 'apt-get install awscli' },
  'mosquitto clients': { programs: ['mosquitto_pub', 'mosquitto_sub', 'mosquitto_rr'], install: 'apt-get install mosquitto-clients' },
  OpenSSL: { programs: ['openssl'], install: 'apt-get install openssl' },
  Chromium: { programs: ['chromium'], install: 'apt-get install chromium' },
} as const

export type Peer = keyof typeof PEERS

/** `describe`, for tests that talk to a peer, or to several. */
export function describeWith(peers: Peer | readonly Peer[], name: string, suite: () => void): void {
  // The first that is missing is named; a suite that is skipped within another would not be counted.
  const peer = [peers].flat().find((one) => missingOf(one).length > 0)
  if (peer === undefined) return void describe(name, suite)
  const { install } = PEERS[peer]
  const missing = missingOf(peer)
  if (process.env['CI'] === 'true') test(name, () => Promise.reject(new Error(`${missing.join(', ')} not found on the PATH: ${install}`)))
  else describe.skip(`${name} [needs ${peer}: ${install}]`, suite)
}

function missingOf(peer: Peer): string[] {
  return PEERS[peer].programs.filter((program) => pathOf(program) === undefined)
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
