import { writeFileSync } from 'node:fs'
import { UserError } from '../errors.ts'

const FORMATS = ['json', 'junit', 'html', 'markdown'] as const
type Format = (typeof FORMATS)[number]

export interface Output {
  readonly format: Format
  readonly path: string
}

/** `--out junit=report.xml`; UserError 2 for anything else. */
export function parseOutputs(values: readonly string[]): Output[] {
  return values.map((value) => {
    const at = value.indexOf('=')
    const format = FORMATS.find((name) => name === value.slice(0, at))
    const path = value.slice(at + 1)
    if (!format || path === '') throw new UserError(`--out: expected ${FORMATS.join('|')}=PATH, found ${value}`, 2)
    return { format, path }
  })
}

/** UserError 1 when the file can't be written: the run is over by then, and its own results are safe. */
export function writeOutput({ path }: Output, text: string): void {
  try {
    writeFileSync(path, text)
  } catch (cause) {
    throw new UserError(`--out: ${path} can't be written: ${cause instanceof Error ? cause.message : String(cause)}`, 1, { cause })
  }
}
