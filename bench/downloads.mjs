import { Agent as NodeAgent, get } from 'node:http'
import { crc32 } from 'node:zlib'
import { Agent } from 'undici'
import { SigV4 } from '../dist/cloud/http/sigv4.js'
import { ImageWriter } from '../dist/devices/ota/image-writer.js'
import { FleetHttpTransport } from '../dist/transport/http/fleet-http.js'
import { serveCloud } from './serve.mjs'
import { KEYS, REGION, send } from './signed.mjs'

const CONNECTIONS = 64
const IMAGE_BYTES = 512 * 1024
const RANGE_KIB = [2, 16, 128]
/** For each client and size of range; a smoke test has less. */
const SECONDS = 2
const SMOKE_SECONDS = 0.2
const SMOKE_DEVICES = 10
const EXPIRES_SECONDS = 3600

/**
 * Devices that download an image of 512 KiB through a presigned URL from `fleetsim cloud` in a process of its own, over 64 connections, and check its CRC: the fleet's own
 * HTTP transport beside the client of node:http and undici. Microseconds are processor time for a request; `ofNodeHttp` is the share of what node:http takes.
 */
export async function benchDownloads(devices) {
  const cloud = await serveCloud()
  try {
    const image = Buffer.from(Array.from({ length: IMAGE_BYTES }, (_, at) => (at * 31 + (at >> 8)) & 0xff))
    await send(cloud.url, 's3', 'PUT', '/bench')
    await send(cloud.url, 's3', 'PUT', '/bench/image', image)
    const signer = new SigV4({ ...KEYS, now: Date.now, wallNow: Date.now })
    const url = signer.presign({ method: 'GET', origin: cloud.url, path: '/bench/image', region: REGION, expiresInSec: EXPIRES_SECONDS })
    const seconds = devices < SMOKE_DEVICES ? SMOKE_SECONDS : SECONDS
    const results = {}
    for (const kib of RANGE_KIB) {
      const measured = {}
      for (const [name, open] of Object.entries(CLIENTS)) {
        const client = open(url)
        const load = { client, devices, rangeBytes: kib * 1024, crc: crc32(image), cloud }
        await measure({ ...load, seconds: seconds / 4 }) // until the code is compiled
        measured[name] = await measure({ ...load, seconds })
        await client.close()
        for (const [figure, value] of Object.entries(measured[name])) results[`${kib} KiB ${name} ${figure}`] = value
      }
      results[`${kib} KiB fleet ofNodeHttp`] = measured.fleet.clientMicros / measured.nodeHttp.clientMicros
    }
    return { bench: 'downloads', devices, connections: CONNECTIONS, ...results }
  } finally {
    await cloud.stop()
  }
}

/** `fetch(range, take)` calls `take` with each piece of the body and returns a promise of the status. */
const CLIENTS = { fleet: fleetClient, nodeHttp: nodeHttpClient, undici: undiciClient }

function fleetClient(url) {
  const transport = new FleetHttpTransport((address) => address)
  return {
    image: () => new ImageWriter(),
    fetch: (range, image) =>
      new Promise((resolve, reject) => {
        transport.request(
          { url, headers: { range } },
          {
            onResponse({ status, body }) {
              image.write(body)
              resolve(status)
            },
            onFailed: (reason) => reject(new Error(reason)),
          },
        )
      }),
    close: () => transport.close(),
  }
}

function nodeHttpClient(url) {
  const agent = new NodeAgent({ keepAlive: true, maxSockets: CONNECTIONS })
  return {
    image: () => new PlainImage(),
    fetch: (range, image) =>
      new Promise((resolve, reject) => {
        get(url, { agent, headers: { range } }, (response) => {
          response.on('data', (chunk) => image.write(chunk))
          response.on('end', () => resolve(response.statusCode))
        }).on('error', reject)
      }),
    close: () => agent.destroy(),
  }
}

function undiciClient(url) {
  const agent = new Agent({ connections: CONNECTIONS })
  const { origin, pathname, search } = new URL(url)
  return {
    image: () => new PlainImage(),
    fetch: (range, image) =>
      new Promise((resolve, reject) => {
        let status
        agent.dispatch(
          { origin, path: pathname + search, method: 'GET', headers: { range } },
          {
            onRequestStart() {},
            onResponseStart: (_controller, code) => (status = code),
            onResponseData: (_controller, chunk) => image.write(chunk),
            onResponseEnd: () => resolve(status),
            onResponseError: (_controller, error) => reject(error),
          },
        )
      }),
    close: () => agent.destroy(),
  }
}

/** What a client without the fleet's code does. */
class PlainImage {
  crc32 = 0
  write(chunk) {
    this.crc32 = crc32(chunk, this.crc32)
  }
}

/** Every image must have the right checksum. */
async function measure({ client, devices, rangeBytes, crc, cloud, seconds }) {
  const cloudBefore = await cloud.cpuSeconds()
  const cpuBefore = process.cpuUsage()
  const startedMs = performance.now()
  const until = startedMs + seconds * 1000
  let requests = 0
  const device = async () => {
    while (performance.now() < until) {
      const image = client.image()
      for (let from = 0; from < IMAGE_BYTES; from += rangeBytes) {
        const status = await client.fetch(`bytes=${from}-${from + rangeBytes - 1}`, image)
        if (status !== 206) throw new Error(`answered with ${status}`)
        requests++
      }
      if (image.crc32 !== crc) throw new Error(`an image with the checksum ${image.crc32}`)
    }
  }
  await Promise.all(Array.from({ length: Math.min(devices, CONNECTIONS) }, device))
  const tookSeconds = (performance.now() - startedMs) / 1000
  const { user, system } = process.cpuUsage(cpuBefore)
  const cloudMicros = ((await cloud.cpuSeconds()) - cloudBefore) * 1e6
  return {
    requestsPerSecond: requests / tookSeconds,
    megabytesPerSecond: (requests * rangeBytes) / tookSeconds / 1e6,
    clientMicros: (user + system) / requests,
    cloudMicros: cloudMicros / requests,
  }
}
