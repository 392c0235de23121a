import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { ROOT } from '../sources.ts'

// The benches, tiny: that they run and measure something, not what they measure. They need the build, as `npm test` makes it.

test('virtual', async () => {
  const result = await bench('virtual', '--devices', '300')
  expect(result).toMatchObject({ bench: 'virtual', devices: 300, devicesPerSecond: expect.any(Number), bytesPerDevice: expect.any(Number) })
  expect(result['simulatedSeconds']).toBeGreaterThan(0)
})

test('virtual, as a curve over the size of the fleet', async () => {
  const result = await bench('virtual', '--curve', '--devices', '2000')
  const row = {
    wallSeconds: expect.any(Number),
    microsPerDevice: expect.any(Number),
    cpuMicrosPerDevice: expect.any(Number),
    bytesPerDevice: expect.any(Number),
  }
  expect(result).toMatchObject({
    bench: 'curve-virtual',
    rows: [200, 200, 2000].map((devices) => ({ ...row, devices })),
    microsGrowth: expect.any(Number),
  })
})

test('sockets', async () => {
  const result = await bench('sockets', '--devices', '30', '--speed', '5')
  expect(result).toMatchObject({ bench: 'sockets', devices: 30, generatorKeptUp: expect.any(Boolean) })
  expect(result['connectionsPerSecond']).toBeGreaterThan(0)
  expect(result['roundTripsPerSecond']).toBeGreaterThan(0)
  expect(result['peakBytes']).toBeGreaterThan(1e6)
})

test('connections', async () => {
  const result = await bench('connections', '--devices', '30')
  expect(result).toMatchObject({ bench: 'connections', devices: 30 })
  for (const client of ['packet', 'mqttJs']) expect(result[`cloud ${client} clientMicros`]).toBeGreaterThan(0)
  expect(result['cloud perCpuSecond ofMqttJs']).toBeGreaterThan(0)
})

test('http', async () => {
  const result = await bench('http', '--devices', '20')
  expect(result).toMatchObject({ bench: 'http', things: 20 })
  for (const kind of ['bareServer', 'describeThing', 'updateThing', 'getPendingJobExecutions', 'getObjectRange16KiB'])
    expect(result[kind], kind).toBeGreaterThan(0)
})

test('downloads', async () => {
  const result = await bench('downloads', '--devices', '3')
  expect(result).toMatchObject({ bench: 'downloads', devices: 3 })
  for (const kib of [2, 16, 128])
    for (const client of ['fleet', 'nodeHttp', 'undici']) expect(result[`${kib} KiB ${client} clientMicros`]).toBeGreaterThan(0)
})

test('doors', async () => {
  const result = await bench('doors', '--devices', '20')
  expect(result).toMatchObject({ bench: 'doors', devices: 20 })
  for (const doors of [0, 1, 2])
    for (const figure of ['connectionsPerSecond', 'answersPerSecond', 'p99Ms', 'engineMicrosPerAnswer'])
      expect(result[`${doors} ${figure}`], `${doors} ${figure}`).toBeGreaterThan(0)
})

test('jobs', async () => {
  const result = await bench('jobs', '--devices', '20')
  expect(result).toMatchObject({ bench: 'jobs', devices: 20 })
  for (const figure of ['connectionsPerSecond', 'answersPerSecond', 'p99Ms', 'serverMicrosPerAnswer'])
    expect(result[figure], figure).toBeGreaterThan(0)
})

test('ota-jobs', async () => {
  const result = await bench('ota-jobs', '--devices', '40')
  expect(result).toMatchObject({ bench: 'ota-jobs', devices: 40 })
  for (const transports of ['fleet', 'peers']) expect(result[`${transports} jobsPerSecond`], transports).toBeGreaterThan(0)
})

test('kinds', async () => {
  const result = await bench('kinds', '--devices', '600')
  expect(result).toMatchObject({ bench: 'kinds', devices: 600 })
  for (const kind of ['tracker', 'data-gator', 'upparat', 'freertos-ota', 'olt-gateway']) expect(result[`${kind} seconds`], kind).toBeGreaterThan(0)
})

test('metrics', async () => {
  const result = await bench('metrics', '--devices', '20000')
  expect(result).toMatchObject({ bench: 'metrics', samples: 20000 })
  for (const figure of ['sampleOfEventNs', 'promHistogramNs', 'main thread, events taken %']) expect(result[figure], figure).toBeGreaterThan(0)
})

test('start', async () => {
  const result = await bench('start', '--devices', '1')
  expect(result).toMatchObject({ bench: 'start', starts: 1 })
  for (const figure of ['nodeAloneMs', 'helpMs', 'validateMs', 'runFirstOutputMs']) expect(result[figure], figure).toBeGreaterThan(0)
})

test('tls', async () => {
  const result = await bench('tls', '--devices', '20')
  expect(result).toMatchObject({ bench: 'tls', handshakes: 20, certificates: 20 })
  for (const name of ['cloud TLSv1.2 full/s', 'cloud TLSv1.3 resumed/s', 'bare TLSv1.3 full, server CPU ms'])
    expect(result[name], name).toBeGreaterThan(0)
})

test('peers', { timeout: 300_000 }, async () => {
  const result = await bench('peers', '--devices', '20')
  expect(result).toMatchObject({ bench: 'peers', 'packet connections': 20 })
  for (const name of ['packet', 'mqttJs', 'paho', 'locust']) {
    if (result[name] === 'left out: not installed') continue
    for (const figure of ['connectionsPerSecond', 'echoMicros']) expect(result[`${name} ${figure}`], `${name} ${figure}`).toBeGreaterThan(0)
  }
})

test('soak', async () => {
  const result = await bench('soak', '--devices', '30', '--speed', '30')
  expect(result).toMatchObject({ bench: 'soak', devices: 30, succeeded: 30, lost: 0 })
  expect(result['afterWarmUpMiB']).toBeGreaterThan(10)
})

test('fleet', { timeout: 120_000 }, async () => {
  const result = await bench('fleet', '--devices', '40', '--speed', '10')
  expect(result).toMatchObject({ bench: 'fleet', devices: 40, lost: 0, processes: 3 })
  expect(result['connectSeconds']).toBeGreaterThanOrEqual(0)
  for (const part of ['fleet', 'doors', 'engine'])
    for (const figure of ['gross bytesPerDevice', 'cpuMicrosPerDevice']) expect(result[`${part} ${figure}`], `${part} ${figure}`).toBeGreaterThan(0)
})

test('fleet, as a curve over its size', { timeout: 120_000 }, async () => {
  const result = await bench('fleet', '--curve', '--devices', '100', '--speed', '20')
  const row = {
    cpuMicrosPerDevice: expect.any(Number),
    bytesPerDevice: expect.any(Number),
    connectSeconds: expect.any(Number),
    wallSeconds: expect.any(Number),
  }
  expect(result).toMatchObject({ bench: 'curve-sockets', rows: [20, 20, 50, 100].map((devices) => ({ ...row, devices, lost: 0 })) })
})

test('a bench that is not there', async () => {
  await expect(bench('swimming')).rejects.toThrow('no bench called swimming; there are: virtual, sockets, ')
})

async function bench(name: string, ...flags: string[]): Promise<Record<string, unknown>> {
  const { stdout } = await promisify(execFile)(process.execPath, ['bench/run.mjs', name, '--json', ...flags], { cwd: ROOT })
  const { machine, results } = JSON.parse(stdout) as { machine: { cores: number }; results: Record<string, unknown>[] }
  expect(machine.cores).toBeGreaterThan(0)
  return results[0]!
}
