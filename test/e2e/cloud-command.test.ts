import { connectAsync } from 'mqtt'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { afterEach, describe, expect, test } from 'vitest'
import { CloudProgram } from './cloud-program.ts'
import { Program } from './program.ts'

/** `fleetsim cloud` as a process: where it listens, how it ends, and what it says when it can't begin. */

const CONNECTIONS = 50
const END_LIMIT_MS = 1000

/** Where other machines would reach this one: nowhere, on a machine without a network. */
const outside = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .filter(({ internal, family }) => !internal && family === 'IPv4')
  .map(({ address }) => address)

let cloud: CloudProgram | undefined

afterEach(async () => {
  await cloud?.program.stop()
  cloud = undefined
})

/** How long it takes to end with so many clients, in milliseconds. */
async function endOf(connections: number): Promise<number> {
  cloud = await CloudProgram.start()
  const { httpUrl, mqttHost, mqttPort, program } = cloud
  const url = `mqtt://${mqttHost}:${mqttPort}`
  const clients = await Promise.all(Array.from({ length: connections }, () => connectAsync(url, { protocolVersion: 4, reconnectPeriod: 0 })))
  await Promise.all(clients.map((client) => client.subscribeAsync('$aws/things/+/jobs/notify-next')))
  expect((await fetch(httpUrl)).status).toBe(403)
  const closed = Promise.all(clients.map((client) => new Promise<void>((resolve) => client.once('close', () => resolve()))))
  const startedAt = performance.now()
  expect(await program.interrupt()).toBe(0)
  const ms = performance.now() - startedAt
  await closed
  return ms
}

describe('the end', () => {
  test('comes within a second of Ctrl-C, whoever is connected', async () => {
    // Somebody else may use the machine: what counts is how fast it can be.
    const times: number[] = []
    do times.push(await endOf(CONNECTIONS))
    while (times.length < 3 && times.at(-1)! >= END_LIMIT_MS)
    expect(Math.min(...times)).toBeLessThan(END_LIMIT_MS)
  })
})

describe('the address', () => {
  test('is one of this machine alone, unless told otherwise', async () => {
    cloud = await CloudProgram.start()
    expect([new URL(cloud.httpUrl).hostname, cloud.mqttHost]).toEqual(['127.0.0.1', '127.0.0.1'])
    const ports = [new URL(cloud.httpUrl).port, String(cloud.mqttPort)]
    // The second address of the loopback is this machine, too, but it was not told to listen there.
    for (const address of ['127.0.0.2', ...outside]) {
      for (const port of ports) await expect(fetch(`http://${address}:${port}/`)).rejects.toThrow('fetch failed')
    }
  })

  test('may be every address; then others are served, but may not reset', async () => {
    cloud = await CloudProgram.start('--host', '0.0.0.0', '--advertise-host', 'localhost')
    expect([new URL(cloud.httpUrl).hostname, cloud.mqttHost]).toEqual(['localhost', 'localhost'])
    const { port } = new URL(cloud.httpUrl)
    const reset = async (address: string, method: string) => (await fetch(`http://${address}:${port}/_fleetsim/reset`, { method })).status
    expect([await reset('127.0.0.1', 'POST'), await reset('127.0.0.1', 'GET')]).toEqual([200, 404])
    for (const address of outside) expect(await reset(address, 'POST')).toBe(403)
    for (const address of ['127.0.0.1', ...outside]) {
      expect((await fetch(`http://${address}:${port}/`)).status).toBe(403)
      const client = await connectAsync(`mqtt://${address}:${cloud.mqttPort}`, { protocolVersion: 4 })
      await client.endAsync()
    }
  })
})

describe('the ports with TLS', () => {
  test('are told with the authority, which stays the same', async () => {
    const state = mkdtempSync(join(tmpdir(), 'fleetsim-authority-'))
    const authorities = new Set<string>()
    for (let i = 0; i < 2; i++) {
      cloud = await CloudProgram.start('--state', state)
      const { output } = cloud.program
      const [, https, file] = /^HTTPS {4}https:\/\/127\.0\.0\.1:(\d+) [^]*^CA {7}(\S+) /m.exec(output)!
      const [, mqtts] = /^MQTTS {4}mqtts:\/\/127\.0\.0\.1:(\d+) /m.exec(output)!
      const [, devices] = /^Devices {2}https:\/\/127\.0\.0\.1:(\d+) /m.exec(output)!
      expect(file).toBe(join(state, 'ca.pem'))
      const ca = readFileSync(file!, 'utf8')
      authorities.add(ca)
      for (const port of [https, mqtts, devices]) {
        const socket = connectTls({ host: '127.0.0.1', port: Number(port), ca })
        await once(socket, 'secureConnect')
        expect(socket.authorized).toBe(true)
        socket.destroy()
      }
      expect(await cloud.program.interrupt()).toBe(0)
    }
    rmSync(state, { recursive: true })
    expect(authorities.size).toBe(1)
  })

  test('--no-tls leaves them out, and makes no authority', async () => {
    const state = join(mkdtempSync(join(tmpdir(), 'fleetsim-authority-')), 'none')
    cloud = await CloudProgram.start('--no-tls', '--state', state)
    expect(cloud.program.output).not.toMatch(/https:|mqtts:/)
    expect(existsSync(state)).toBe(false)
    rmSync(dirname(state), { recursive: true })
  })

  test('a folder that cannot be used is told', async () => {
    const program = new Program(['cloud', '--http-port', '0', '--mqtt-port', '0', '--state', '/dev/null/x'])
    expect(await program.ended).toBe(2)
    expect(program.output).toMatch(/^fleetsim: The folder \/dev\/null\/x of --state can't be used: .+\n$/m)
  })
})

describe('a port in use', () => {
  test.each(['--http-port', '--mqtt-port', '--mqtts-port', '--https-port', '--device-https-port'])('%s', async (option) => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    const others = ['--http-port', '--mqtt-port'].filter((other) => other !== option).flatMap((other) => [other, '0'])
    const program = new Program(['cloud', option, String(port), ...others])
    expect(await program.ended).toBe(106)
    expect(program.output).toContain(`fleetsim: Port ${port} is in use. Choose another with ${option}, or ${option} 0 for any free one.\n`)
    taken.close()
  })
})
