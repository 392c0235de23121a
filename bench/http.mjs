import { Pool } from 'undici'
import { serve, serveCloud } from './serve.mjs'
import { send, signed } from './signed.mjs'

const CONNECTIONS = 64
/** For each kind of request; a smoke test has less. */
const SECONDS = 4
const SMOKE_SECONDS = 0.3
const SMOKE_THINGS = 100
const IMAGE_BYTES = 1024 * 1024
const RANGE = 'bytes=0-16383'
const BARE = `require('node:http').createServer((request, response) => { request.resume(); response.writeHead(200, { 'content-type': 'application/json' }).end('{"thingName":"bare"}') })
  .listen(0, '127.0.0.1', function () { console.log('port ' + this.address().port + '.') })`

/** Signed requests a second that the HTTP door of `fleetsim cloud` answers over keep-alive connections, beside a bare server of node:http in the same run. */
export async function benchHttp(things) {
  const bare = await serve(['-e', BARE], /port (\d+)\./)
  const cloud = await serveCloud()
  try {
    await populate(cloud.url, things)
    const name = (index) => `thing-${index % things}`
    const seconds = things < SMOKE_THINGS ? SMOKE_SECONDS : SECONDS
    const rate = async (origin, requestOf) => {
      await answersPerSecond(origin, requestOf, seconds / 4) // until the code is compiled
      return answersPerSecond(origin, requestOf, seconds)
    }
    const results = {
      bareServer: await rate(`http://127.0.0.1:${bare.match[1]}`, () => ({ method: 'GET', path: '/' })),
      describeThing: await rate(cloud.url, (index) => signed(cloud.url, 'iot', 'GET', `/things/${name(index)}`)),
      updateThing: await rate(cloud.url, (index) =>
        signed(cloud.url, 'iot', 'PATCH', `/things/${name(index)}`, '{"attributePayload":{"attributes":{"a":"1"}}}'),
      ),
      getPendingJobExecutions: await rate(cloud.url, (index) => signed(cloud.url, 'iot-jobs-data', 'GET', `/things/${name(index)}/jobs`)),
      getObjectRange16KiB: await rate(cloud.url, () => signed(cloud.url, 's3', 'GET', '/bench/image', '', { range: RANGE })),
    }
    const ofBare = results.describeThing / results.bareServer
    return { bench: 'http', things, connections: CONNECTIONS, ...results, describeThingOfBare: ofBare }
  } finally {
    await Promise.all([bare.stop(), cloud.stop()])
  }
}

async function populate(url, things) {
  for (let index = 0; index < things; index++) await send(url, 'iot', 'POST', `/things/thing-${index}`, '{}')
  await send(url, 's3', 'PUT', '/bench')
  await send(url, 's3', 'PUT', '/bench/image', 'x'.repeat(IMAGE_BYTES))
}

/** Answers a second; every one of them must be a success. */
async function answersPerSecond(origin, requestOf, seconds) {
  const requests = Array.from({ length: 500 }, (_, index) => requestOf(index))
  const pool = new Pool(origin, { connections: CONNECTIONS, pipelining: 1 })
  const started = performance.now()
  const until = started + seconds * 1000
  let answers = 0
  const worker = async () => {
    while (performance.now() < until) {
      const { statusCode, body } = await pool.request(requests[answers % requests.length])
      await body.dump({ limit: IMAGE_BYTES })
      if (statusCode >= 300) throw new Error(`answered with ${statusCode}`)
      answers += 1
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, worker))
  const tookSeconds = (performance.now() - started) / 1000
  await pool.close()
  return answers / tookSeconds
}
