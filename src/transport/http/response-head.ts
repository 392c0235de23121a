/** The head of an HTTP/1.1 response, and what it says about the body and the connection. */
export interface ResponseHead {
  readonly status: number
  /** Lower-case names; a name that came twice has its values with a comma between. */
  readonly headers: Readonly<Record<string, string>>
  /** Bytes, or how the end of the body is marked. */
  readonly body: number | 'chunked' | 'until close'
  /** Whether another request may follow. */
  readonly keepAlive: boolean
  /** How long the server keeps an idle connection; undefined when it doesn't say. */
  readonly keepAliveMs: number | undefined
}

/** Spellings of header names that are remembered: servers have few. */
const MAX_NAMES = 256

const names = new Map<string, string>()
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/
/** What no header holds, and line ends that are none. */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const FORBIDDEN = /\r(?!\n)|[^\r]\n|[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/
const HTTP_1_0 = '0'

/**
 * Reads a head from its status line to the end of its last header, without the empty line. Undefined when it is none: RFC 9112, as strictly as Node's
 * own parser takes it.
 */
export function parseHead(text: string): ResponseHead | undefined {
  const status = statusOf(text)
  if (status === undefined || FORBIDDEN.test(text)) return undefined
  const headers: Record<string, string> = {}
  for (let lineEnd = text.indexOf('\r\n'); lineEnd >= 0;) {
    const from = lineEnd + 2
    const colon = text.indexOf(':', from)
    lineEnd = text.indexOf('\r\n', from)
    const end = lineEnd < 0 ? text.length : lineEnd
    const name = colon < 0 || colon >= end ? undefined : lowerName(text.slice(from, colon))
    if (name === undefined) return undefined
    const value = trimmed(text, colon + 1, end)
    headers[name] = Object.hasOwn(headers, name) ? `${headers[name]!},${value}` : value
  }
  const body = framing(status, headers)
  if (body === undefined) return undefined
  const connection = headers['connection']?.toLowerCase()
  const isKept = text[7] === HTTP_1_0 ? connection === 'keep-alive' : connection !== 'close'
  return { status, headers, body, keepAlive: isKept && body !== 'until close', keepAliveMs: hintMs(headers['keep-alive']) }
}

function statusOf(text: string): number | undefined {
  const match = /^HTTP\/1\.[01] (\d\d\d)(?:[ \r]|$)/.exec(text)
  return match ? Number(match[1]) : undefined
}

function lowerName(name: string): string | undefined {
  const known = names.get(name)
  if (known !== undefined) return known
  if (!TOKEN.test(name)) return undefined
  const lower = name.toLowerCase()
  if (names.size < MAX_NAMES) names.set(name, lower)
  return lower
}

function trimmed(text: string, from: number, to: number): string {
  let [start, end] = [from, to]
  while (start < end && isBlank(text.charCodeAt(start))) start++
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09
}

/** RFC 9112 §6.3. Undefined when two headers contradict each other, which is how requests are smuggled. */
function framing(status: number, headers: Readonly<Record<string, string>>): ResponseHead['body'] | undefined {
  const { 'content-length': length, 'transfer-encoding': encoding } = headers
  if (length !== undefined && (encoding !== undefined || !/^\d{1,15}$/.test(length))) return undefined
  if (status < 200 || status === 204 || status === 304) return 0
  if (encoding !== undefined) return /(?:^|,)\s*chunked$/i.test(encoding) ? 'chunked' : 'until close'
  return length === undefined ? 'until close' : Number(length)
}

/** `timeout=75` in seconds. */
function hintMs(keepAlive: string | undefined): number | undefined {
  const seconds = keepAlive === undefined ? undefined : /timeout=(\d{1,6})/.exec(keepAlive)?.[1]
  return seconds === undefined ? undefined : Number(seconds) * 1000
}
