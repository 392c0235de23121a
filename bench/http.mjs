import { spawn } from 'node:child_process'
import { createHash, createHmac } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { Pool } from 'undici'

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const CONNECTIONS = 64
/** For each kind of request; a smoke test has less. */
const SECONDS = 4
const SMOKE_SECONDS = 0.3
const SMOKE_THINGS = 100
const KEYS = { accessKeyId: 'FLEETSIM', secretAccessKey: 'fleetsim' }
const REGION = 'us-east-1'
const IMAGE_BYTES = 1024 * 1024
const RANGE = 'bytes=0-16383'
const BARE = `require('node:http').createServer((request, response) => { request.resume(); response.writeHead(200, { 'content-type': 'application/json' }).end('{"thingName":"bare"}') })
  .listen(0, '127.0.0.1', function () { console.log('AWS API  http://127.0.0.1:' + this.address().port) })`

/** Signed requests a second that the HTTP door of `fleetsim cloud` answers over keep-alive connections, beside a bare server of node:http in the same run. */
export async function benchHttp(things) {
  const bare = await serve(['-e', BARE])
  const cloud = await serve([MAIN, 'cloud', '--http-port', '0', '--mqtt-port', '0', '--no-tls'])
  try {
    await populate(cloud.url, things)
    const name = (index) => `thing-${index % things}`
    const seconds = things < SMOKE_THINGS ? SMOKE_SECONDS : SECONDS
    const rate = async (origin, requestOf) => {
      await answersPerSecond(origin, requestOf, seconds / 4) // until the code is compiled
      return answersPerSecond(origin, requestOf, seconds)
    }
    const results = {
      bareServer: await rate(bare.url, () => ({ method: 'GET', path: '/' })),
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
  const send = async (...request) => {
    const { method, path, headers, body } = signed(url, ...request)
    const answer = await fetch(`${url}${path}`, { method, headers, body: body === '' ? undefined : body })
    if (answer.status !== 200) throw new Error(`${method} ${path} was answered with ${answer.status}: ${await answer.text()}`)
  }
  for (let index = 0; index < things; index++) await send('iot', 'POST', `/things/thing-${index}`, '{}')
  await send('s3', 'PUT', '/bench')
  await send('s3', 'PUT', '/bench/image', 'x'.repeat(IMAGE_BYTES))
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

/** Signature Version 4. */
function signed(url, service, method, path, body = '', extra = {}) {
  const date = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
  const scope = `${date.slice(0, 8)}/${REGION}/${service}/aws4_request`
  const hash = createHash('sha256').update(body).digest('hex')
  const { host } = new URL(url)
  const names = 'host;x-amz-content-sha256;x-amz-date'
  const canonical = `${method}\n${path}\n\nhost:${host}\nx-amz-content-sha256:${hash}\nx-amz-date:${date}\n\n${names}\n${hash}`
  const text = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${createHash('sha256').update(canonical).digest('hex')}`
  const key = scope.split('/').reduce((secret, part) => createHmac('sha256', secret).update(part).digest(), `AWS4${KEYS.secretAccessKey}`)
  const signature = createHmac('sha256', key).update(text).digest('hex')
  const authorization = `AWS4-HMAC-SHA256 Credential=${KEYS.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`
  return { method, path, headers: { ...extra, 'x-amz-content-sha256': hash, 'x-amz-date': date, authorization }, body }
}

/** A server in a process of its own; the first URL that it prints is its address. */
function serve(args) {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const stop = () =>
    new Promise((resolve) => {
      child.once('exit', resolve)
      child.kill()
    })
  return new Promise((resolve, reject) => {
    let output = ''
    child.once('exit', (code) => reject(new Error(`ended with ${code}:\n${output}`)))
    child.stdout.on('data', (chunk) => {
      output += chunk
      const url = /AWS API {2}(http:\/\/\S+)/.exec(output)?.[1]
      if (url) resolve({ url, stop })
    })
  })
}
