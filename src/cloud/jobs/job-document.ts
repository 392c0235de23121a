import { UPLOAD_KEY } from './choices.ts'

/** A job document and the presigned URLs in it (§4.8). Placeholders are replaced in the text: nothing is parsed for each device. */

/** `presignedUrlConfig.expiresInSec` when it is not given. */
export const DEFAULT_URL_EXPIRES_SEC = 3600
/** Substitutions in one document. */
const MAX_PLACEHOLDERS = 10
/** Of one kind in the key of an upload. */
const MAX_LOCAL_PLACEHOLDERS = 2

const PLACEHOLDER = /\$\{aws:iot:s3-presigned-url(-v1|-v2|-upload)?:((?:\$\{[^}]*\}|[^}])*)\}/g
const OTHER_PLACEHOLDER = /\$\{aws:iot:(?!s3-presigned-url(?:-v1|-v2|-upload)?:)[^}]*\}?/
const ENCODED_VERSION = /%3FversionId%3D([^&?]+)$/i
const LOCAL_PLACEHOLDER = /\$\{(thingName|jobId|executionNumber)\}/g
/** Half a character, which no URL can carry. */
const LONE_SURROGATE = /\p{Surrogate}/u
/** An S3 URL that names a bucket and no key. */
const WITHOUT_KEY = /^(https?:\/\/(?:[^/]+\.s3[.-][^/]+|s3[.-][^/]+\/[^/]+))\/?$/

export type Presign = (s3Url: string, expiresInSec: number, method: 'GET' | 'PUT') => string

/** An execution as far as a document shows it. */
export interface DocumentReader {
  readonly job: { readonly id: string }
  readonly thing: { readonly name: string }
  readonly number: number
}

export interface Placeholder {
  /** An S3 URL; that of an upload may have `${thingName}`, `${jobId}` and `${executionNumber}` in its key. */
  readonly url: string
  readonly method: 'GET' | 'PUT'
}

export class JobDocument {
  /** As the operator gave it, with parameters filled in, and with the placeholders of URLs. */
  readonly text: string
  /** The text of a managed template, before its parameters were filled in; the same as `text` for any other document. */
  readonly beforeSubstitution: string
  /** In order. */
  readonly placeholders: readonly Placeholder[]
  /** The text around the placeholders: one part more than there are placeholders. */
  readonly #parts: readonly string[]
  /** Whether all devices get the same text within a second. */
  readonly #isShared: boolean
  #cached: { expiresInSec: number; second: number; text: string } | undefined

  constructor(text: string, beforeSubstitution = text) {
    this.text = text
    this.beforeSubstitution = beforeSubstitution
    const matches = [...text.matchAll(PLACEHOLDER)]
    this.placeholders = matches.map(([, form, url]) => placeholderOf(form, unescaped(url ?? '')))
    this.#parts = partsBetween(text, matches)
    this.#isShared = this.placeholders.every(({ method }) => method === 'GET')
  }

  /** What is wrong with the placeholders, or undefined. */
  get problem(): string | undefined {
    if (this.placeholders.length > MAX_PLACEHOLDERS)
      return `a job document has at most ${MAX_PLACEHOLDERS} placeholders, this one has ${this.placeholders.length}`
    const other = OTHER_PLACEHOLDER.exec(this.text)
    if (other) return `the placeholder ${other[0]} is not supported`
    if (this.placeholders.some(({ url }) => LONE_SURROGATE.test(url))) return 'the URL of a placeholder is no text'
    return this.placeholders.map(uploadProblem).find((problem) => problem !== undefined)
  }

  /** JSON text for a device, with URLs signed now. A signature has the resolution of a second, so a text that all share is kept for as long. */
  forDevice(presign: Presign, expiresInSec: number, second: number, reader: DocumentReader): string {
    if (this.placeholders.length === 0) return this.text
    const cached = this.#cached
    if (cached && cached.second === second && cached.expiresInSec === expiresInSec) return cached.text
    let text = this.#parts[0]!
    this.placeholders.forEach(({ url, method }, index) => {
      const signed = presign(method === 'PUT' ? uploadUrl(url, reader) : url, expiresInSec, method)
      text += JSON.stringify(signed).slice(1, -1) + this.#parts[index + 1]!
    })
    if (this.#isShared) this.#cached = { expiresInSec, second, text }
    return text
  }
}

/** The URL of an upload by this execution. */
export function uploadUrl(url: string, { job, thing, number }: DocumentReader): string {
  return url.replace(LOCAL_PLACEHOLDER, (_, name) => (name === 'jobId' ? job.id : name === 'thingName' ? thing.name : String(number)))
}

function partsBetween(text: string, matches: readonly RegExpMatchArray[]): string[] {
  const parts: string[] = []
  let from = 0
  for (const match of matches) {
    parts.push(text.slice(from, match.index))
    from = match.index! + match[0].length
  }
  parts.push(text.slice(from))
  return parts
}

/** The placeholder stands inside a JSON string: `\/` and other escapes may occur. */
function unescaped(url: string): string {
  try {
    return String(JSON.parse(`"${url}"`))
  } catch {
    return url
  }
}

/** The first form holds plain text, the second an encoded URL that asks for a version by a suffix which is encoded as well. */
function placeholderOf(form: string | undefined, url: string): Placeholder {
  if (form === '-upload') return { url: WITHOUT_KEY.test(url) ? `${url.replace(/\/$/, '')}/${UPLOAD_KEY}` : url, method: 'PUT' }
  return { url: form === '-v2' ? url.replace(ENCODED_VERSION, '?versionId=$1') : encodedUrl(url), method: 'GET' }
}

/** `https://host/a key%` → `https://host/a%20key%25`. Text that cannot be encoded stays. */
function encodedUrl(url: string): string {
  const match = LONE_SURROGATE.test(url) ? null : /^(\w+:\/\/[^/]*\/)(.*)$/s.exec(url)
  return match ? match[1]! + match[2]!.split('/').map(encodeURIComponent).join('/') : url
}

function uploadProblem({ url, method }: Placeholder): string | undefined {
  if (method === 'GET') return undefined
  const names = [...url.matchAll(LOCAL_PLACEHOLDER)].map(([, name]) => name!)
  const repeated = names.find((name) => names.filter((other) => other === name).length > MAX_LOCAL_PLACEHOLDERS)
  if (repeated !== undefined) return `the key of an upload has \${${repeated}} at most ${MAX_LOCAL_PLACEHOLDERS} times`
  const unknown = /\$\{[^}]*\}?/.exec(url.replace(LOCAL_PLACEHOLDER, ''))
  if (unknown) return `the key of an upload cannot have ${unknown[0]}`
  const bucket = /^https?:\/\/(?:s3[.-][^/]+\/[^/]*|[^/]+)/.exec(url)?.[0]
  return bucket?.includes('${') ? 'the bucket of an upload cannot have a placeholder, only its key can' : undefined
}
