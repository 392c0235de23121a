import { readFileSync, readdirSync } from 'node:fs'
import { join, posix, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../', import.meta.url))

/** What is no source: made by a build or a run, or somebody else's. */
const NOT_OURS = new Set(['node_modules', 'dist', 'runs', 'coverage', '.git'])

/** Every file below a directory of the project, as paths from its root with `/`, sorted. */
export function filesBelow(directory: string): string[] {
  return readdirSync(join(ROOT, directory), { withFileTypes: true })
    .filter(({ name }) => !NOT_OURS.has(name))
    .flatMap((entry) =>
      entry.isDirectory() ? filesBelow(join(directory, entry.name)) : [relative('.', join(directory, entry.name)).split(sep).join('/')],
    )
    .toSorted()
}

export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

export interface Import {
  /** The specifier as written, or, for a file of the project, its path from the root. */
  readonly to: string
  readonly isOurs: boolean
}

const SPECIFIER = /(?:^|\n)\s*(?:import|export)\s[^'"`;]*?from\s+'([^']+)'|\bimport\s*\(\s*'([^']+)'|(?:^|\n)import\s+'([^']+)'/g

/** What a file imports, types and dynamic imports too. */
export function importsOf(path: string): Import[] {
  return [...textOf(path).matchAll(SPECIFIER)].map(([, from, dynamic, bare]) => {
    const specifier = (from ?? dynamic ?? bare)!
    const isOurs = specifier.startsWith('.')
    return { to: isOurs ? posix.join(posix.dirname(path), specifier) : specifier, isOurs }
  })
}

/** `**` is any number of folders, `*` anything within one. */
export function matches(path: string, pattern: string): boolean {
  const text = pattern
    .replaceAll(/[.+^${}()|[\]\\?]/g, '\\$&')
    .replaceAll('**/', '\0')
    .replaceAll('**', '.*')
    .replaceAll('*', '[^/]*')
    .replaceAll('\0', '(?:.*/)?')
  return new RegExp(`^${text}$`).test(path)
}
