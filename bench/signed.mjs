import { createHash, createHmac } from 'node:crypto'

/** What `fleetsim cloud` accepts. */
export const KEYS = { accessKeyId: 'FLEETSIM', secretAccessKey: 'fleetsim' }
export const REGION = 'us-east-1'

/** Sends one signed request and returns the answer, which must be a success. */
export async function send(url, ...request) {
  const { method, path, headers, body } = signed(url, ...request)
  const answer = await fetch(`${url}${path}`, { method, headers, body: body === '' ? undefined : body })
  if (answer.status !== 200) throw new Error(`${method} ${path} was answered with ${answer.status}: ${await answer.text()}`)
  return answer
}

/** A request with Signature Version 4. */
export function signed(url, service, method, path, body = '', extra = {}) {
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
