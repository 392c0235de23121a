import { XMLParser } from 'fast-xml-parser'
import type { DoorResponse } from '../http/door.ts'
import { malformedXml } from './s3-errors.ts'

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/'

/** Members of an element: a list repeats its element, undefined leaves it out. */
type XmlValue = string | number | boolean | undefined | XmlMembers | readonly XmlValue[]
export interface XmlMembers {
  readonly [name: string]: XmlValue
}

/** An answer in S3's XML, status 200 unless told. */
export function xmlAnswer(root: string, members: XmlMembers, status = 200): DoorResponse {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${NAMESPACE}">${elements(members)}</${root}>`
  return { status, headers: { 'content-type': 'application/xml' }, body }
}

export function errorXml(members: XmlMembers): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${elements(members)}</Error>`
}

/** The root element of a request body as plain data; every value is text, an empty element is ''. Throws MalformedXML. */
export function parseXml(body: Uint8Array, root: string): XmlInput {
  let document: Record<string, unknown>
  try {
    document = parser.parse(new TextDecoder().decode(body), true) as Record<string, unknown>
  } catch {
    throw malformedXml()
  }
  const value = document[root]
  if (value === undefined) throw malformedXml()
  return typeof value === 'object' && value !== null ? (value as XmlInput) : {}
}

export interface XmlInput {
  readonly [name: string]: unknown
}

/** The elements called `name`: none, one or many. */
export function childrenOf(parent: XmlInput, name: string): readonly XmlInput[] {
  const value = parent[name]
  if (value === undefined) return []
  return (Array.isArray(value) ? value : [value]) as XmlInput[]
}

export function textOf(parent: XmlInput, name: string): string | undefined {
  const value = parent[name]
  return typeof value === 'string' ? value : undefined
}

const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false, trimValues: false, ignoreDeclaration: true })

function elements(members: XmlMembers): string {
  return Object.entries(members)
    .map(([name, value]) => element(name, value))
    .join('')
}

function element(name: string, value: XmlValue): string {
  if (value === undefined) return ''
  if (Array.isArray(value)) return value.map((item: XmlValue) => element(name, item)).join('')
  const content = typeof value === 'object' ? elements(value as XmlMembers) : escaped(String(value))
  return `<${name}>${content}</${name}>`
}

/** Characters that XML 1.0 cannot hold are left out; S3 itself offers `encoding-type=url` for such keys. */
function escaped(text: string): string {
  return text
    .replace(/[^\P{Cc}\t\n\r]/gu, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/\r/g, '&#13;')
}
