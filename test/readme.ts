import { textOf } from './sources.ts'

const FENCE = /^```(\w+)\n([\s\S]*?)^```$/gm

/** The code blocks of the README in one language, in order. */
export function readmeBlocks(language: string): string[] {
  return [...textOf('README.md').matchAll(FENCE)].filter(([, name]) => name === language).map(([, , text]) => text!)
}
