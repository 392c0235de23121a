/** How numbers are written for people, the same in every view. */

/** Digits after the point that a share may need to differ from 0 % and 100 %. */
const MAX_SHARE_DIGITS = 4
const MAX_RATES = 6

/** `912, 1000` → `91.2 %`. Never rounded up to 100 % nor down to 0 %. */
export function formatShare(count: number, of: number): string {
  if (of === 0 || count === 0) return '0 %'
  if (count === of) return '100 %'
  const percent = (100 * count) / of
  for (let digits = 1; digits <= MAX_SHARE_DIGITS; digits++) {
    const rounded = Number(percent.toFixed(digits))
    if (rounded !== 0 && rounded !== 100) return `${rounded} %`
  }
  return percent < 50 ? '< 0.0001 %' : '> 99.9999 %'
}

/** `12345` → `12,345`. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `1, 'device'` → `1 device`; `2, 'device'` → `2 devices`. */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`
}

/** `not_notified` → `not notified`. */
export function words(name: string): string {
  return name.replaceAll('_', ' ')
}

/** `3725000` → `01:02:05`. */
export function formatClock(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}

/** `50 → 75 → 112/min`; of many rates the first two and the last two. */
export function formatRates(ratesPerMinute: readonly number[]): string {
  const rates = ratesPerMinute.map(String)
  const shown = rates.length <= MAX_RATES ? rates : [...rates.slice(0, 2), '…', ...rates.slice(-2)]
  return `${shown.join(' → ')}/min`
}
