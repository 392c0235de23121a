import { styleText } from 'node:util'
import stringWidth from 'string-width'

/** Text for a terminal: spans that carry their style, measured in columns and coloured last. */

export type Style = 'green' | 'red' | 'yellow' | 'cyan' | 'dim' | 'bold'
export type Span = string | readonly [style: Style, text: string]
export type Line = readonly Span[]

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const
const SPARKS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const
const ELLIPSIS = '…'

export function render(line: Line, color: boolean): string {
  return line.map((span) => (typeof span === 'string' ? span : color ? styleText(span[0], span[1], { validateStream: false }) : span[1])).join('')
}

/** Columns that the line takes. */
export function widthOf(line: Line): number {
  return stringWidth(render(line, false))
}

/** Cuts a line that is wider than `width` columns and marks the cut. */
export function cut(line: Line, width: number): Line {
  if (widthOf(line) <= width) return line
  const kept: Span[] = []
  let room = width - 1
  for (const span of line) {
    const text = typeof span === 'string' ? span : span[1]
    const part = cutText(text, room)
    kept.push(typeof span === 'string' ? part : [span[0], part])
    room -= stringWidth(part)
    if (part !== text) break
  }
  return width > 0 ? [...kept, ELLIPSIS] : []
}

/** A label and as many fields as fit, whole; the first one is cut rather than left out. */
export function fields(label: Line, all: readonly Line[], width: number, gap = '   '): Line {
  const line: Span[] = [...label]
  for (const [index, field] of all.entries()) {
    const next = index === 0 ? field : [gap, ...field]
    if (index > 0 && widthOf(line) + widthOf(next) > width) break
    line.push(...next)
  }
  return cut(line, width)
}

/** Two lines on one row, the second at the right edge; it is left out when there is no room. */
export function justify(left: Line, right: Line, width: number): Line {
  const space = width - widthOf(left) - widthOf(right)
  return space >= 2 ? [...left, ' '.repeat(space), ...right] : cut(left, width)
}

/** A bar of `width` columns, filled to `share` (0 to 1) in steps of an eighth of a column. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8)
  const filled = '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8]!
  return filled + '░'.repeat(width - stringWidth(filled))
}

/** A sparkline of at most `width` columns; where there are more values, a column shows the largest of its share. */
export function sparkline(values: readonly number[], width: number): string {
  const columns = Math.min(width, values.length)
  const highest = Math.max(1, ...values)
  let line = ''
  for (let column = 0; column < columns; column++) {
    const from = Math.floor((column * values.length) / columns)
    const to = Math.floor(((column + 1) * values.length) / columns)
    const value = Math.max(...values.slice(from, to))
    line += SPARKS[Math.ceil((value / highest) * (SPARKS.length - 1))]!
  }
  return line
}

/** Rows as columns of equal width, two spaces apart. Cells of the columns named in `left` are aligned to the left, others to the right. */
export function table(rows: readonly (readonly Span[])[], left: readonly number[]): Line[] {
  const widths: number[] = []
  for (const row of rows) row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, widthOf([cell]))))
  return rows.map((row) =>
    row.flatMap((cell, column): Span[] => {
      const space = ' '.repeat(widths[column]! - widthOf([cell]))
      const gap = column === 0 ? '' : '  '
      if (!left.includes(column)) return [gap + space, cell]
      return column === row.length - 1 ? [gap, cell] : [gap, cell, space]
    }),
  )
}

function cutText(text: string, width: number): string {
  let kept = ''
  let room = width
  for (const character of text) {
    room -= stringWidth(character)
    if (room < 0) break
    kept += character
  }
  return kept
}
