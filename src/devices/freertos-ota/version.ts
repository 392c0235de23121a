/** Versions as the agent has them: major, minor and build in the bytes 3, 2 and 1 to 0 of a word (`AppVersion32_t`). */

/** `0.9.2` → 0x00090002. Each part is cut to its bits, as a firmware's own would be. */
export function versionWord(version: string): number {
  const [major = 0, minor = 0, build = 0] = version.split('.').map(Number)
  return (((major & 0xff) << 24) | ((minor & 0xff) << 16) | (build & 0xffff)) >>> 0
}

/** As the agent writes decimals: 0 comes out empty. 0x00090002 → `.9.2`. */
export function versionText(word: number): string {
  return [word >>> 24, (word >>> 16) & 0xff, word & 0xffff].map(decimal).join('.')
}

export function decimal(value: number): string {
  return value === 0 ? '' : String(value)
}

/** 8 hex digits. */
export function hexWord(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0')
}
