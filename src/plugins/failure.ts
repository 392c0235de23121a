import { basename } from 'node:path'

/** Of a message; some libraries write pages. */
const MAX_MESSAGE = 300

/** An error of a user's code on one line, with the line of the module where it is known: `TypeError: x is not a function at lock.js:12`. */
export function describeFailure(error: unknown, file: string): string {
  if (!(error instanceof Error)) return `${shorten(String(error))} was thrown`
  const text = shorten(`${error.name}: ${error.message}`.replaceAll(/\s+/g, ' '))
  const line = lineIn(error.stack ?? '', file)
  return line === undefined ? text : `${text} at ${basename(file)}:${line}`
}

/** The first line of the module that a stack names, its own code before what it calls; a syntax error names it above the stack. */
function lineIn(stack: string, file: string): number | undefined {
  const name = basename(file).replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
  const match = new RegExp(`[/\\\\(]${name}(?:\\?[^:\\s]*)?:(\\d+)`).exec(stack)
  return match ? Number(match[1]) : undefined
}

function shorten(text: string): string {
  return text.length <= MAX_MESSAGE ? text : `${text.slice(0, MAX_MESSAGE - 1)}…`
}
