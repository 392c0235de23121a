const WIDTH = 640
const HEIGHT = 320
const LEFT = 64
const RIGHT = 44
const TOP = 40
const BOTTOM = 48
const COLOURS = ['#1f77b4', '#d62728', '#2ca02c', '#9467bd']
const LINES = 4

/**
 * A line chart as SVG text. `series` are `{ name, points: [[x, y], …] }`; the y axis begins at 0, the x axis is logarithmic when `isLog`.
 * Every point of a logarithmic x axis has its own tick: there are few of them.
 */
export function lineChart({ title, x: xLabel, y: yLabel, series, isLog = false }) {
  const xs = series.flatMap(({ points }) => points.map(([x]) => x))
  const top = niceAbove(Math.max(...series.flatMap(({ points }) => points.map(([, y]) => y))))
  const scale = isLog ? Math.log10 : (x) => x
  const [low, high] = [scale(Math.min(...xs)), scale(Math.max(...xs))]
  const px = (x) => round(LEFT + ((scale(x) - low) / (high - low || 1)) * (WIDTH - LEFT - RIGHT))
  const py = (y) => round(HEIGHT - BOTTOM - (y / top) * (HEIGHT - TOP - BOTTOM))
  const ticks = isLog
    ? [...new Set(xs)]
    : Array.from({ length: LINES + 1 }, (_, i) => Math.min(...xs) + (i / LINES) * (Math.max(...xs) - Math.min(...xs)))
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" fill="#333">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(LEFT, 20, title, 'font-size="14" font-weight="bold"'),
  ]
  for (let i = 0; i <= LINES; i++) {
    const y = (top * i) / LINES
    parts.push(`<path d="M${LEFT} ${py(y)}H${WIDTH - RIGHT}" stroke="#ddd"/>`, text(LEFT - 6, py(y) + 4, number(y), 'text-anchor="end"'))
  }
  for (const x of ticks) parts.push(text(px(x), HEIGHT - BOTTOM + 18, number(x), 'text-anchor="middle"'))
  parts.push(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, xLabel, 'text-anchor="middle"'), text(LEFT, TOP - 6, yLabel))
  series.forEach(({ name, points }, index) => {
    const colour = COLOURS[index % COLOURS.length]
    const line = points.map(([x, y]) => `${px(x)} ${py(y)}`).join('L')
    parts.push(`<path d="M${line}" fill="none" stroke="${colour}" stroke-width="2"/>`)
    if (isLog) for (const [x, y] of points) parts.push(`<circle cx="${px(x)}" cy="${py(y)}" r="3" fill="${colour}"/>`)
    if (series.length > 1) parts.push(text(WIDTH - RIGHT, TOP + 14 * index, name, `text-anchor="end" style="fill:${colour}"`))
  })
  return `${parts.join('\n')}\n</svg>\n`
}

function text(x, y, content, attributes = '') {
  return `<text x="${x}" y="${y}" ${attributes}>${content.replace(/&/g, '&amp;').replace(/</g, '&lt;')}</text>`
}

/** 1, 2, 4 or 5 times a power of ten: a quarter of it reads well. */
function niceAbove(value) {
  const power = 10 ** Math.floor(Math.log10(value || 1))
  return power * ([1, 2, 4, 5, 10].find((step) => step * power >= value) ?? 10)
}

function number(value) {
  return value.toLocaleString('en', { maximumSignificantDigits: 3 })
}

function round(value) {
  return Math.round(value * 10) / 10
}
