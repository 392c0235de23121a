import { readFileSync } from 'node:fs'

/** fleetsim's own version, from the package.json beside `src` and `dist`. */
export const VERSION: string = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version
