/** The script of the HTML report, as it runs in the browser after uPlot: draws every chart, again when the width or the colours change. */
export const SCRIPT = `
'use strict'
const charts = JSON.parse(document.getElementById('charts').textContent)
const drawn = []

function color(name, alpha) {
  const value = getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim()
  return alpha === undefined ? value : value + Math.round(alpha * 255).toString(16).padStart(2, '0')
}

function clock(seconds) {
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds % 60)]
  const two = (value) => String(value).padStart(2, '0')
  return h > 0 ? h + ':' + two(m) + ':' + two(s) : m + ':' + two(s)
}

function draw(element) {
  const { kind, x, series } = charts[element.dataset.chart]
  const axis = { stroke: color('soft'), grid: { stroke: color('faint'), width: 1 }, ticks: { stroke: color('line'), width: 1 }, font: '12px system-ui, sans-serif' }
  const count = (value) => (value === null || value === undefined ? '–' : Math.round(value).toLocaleString('en'))
  const bars = kind === 'rates' ? uPlot.paths.bars({ size: [0.8, 100], align: 1 }) : undefined
  const steps = uPlot.paths.stepped({ align: 1 })
  const line = ({ label, color: name, dashed }, index) => ({
    label,
    stroke: color(name),
    width: bars && index === 0 ? 0 : 2,
    dash: dashed ? [6, 5] : undefined,
    fill: bars ? (index === 0 ? color(name, 0.55) : undefined) : index === 1 ? color(name, 0.12) : undefined,
    paths: bars ? (index === 0 ? bars : steps) : undefined,
    points: { show: false },
    value: (_, value) => count(value),
  })
  const options = {
    width: element.clientWidth,
    height: kind === 'rates' ? 200 : 340,
    scales: { x: { time: false }, y: { range: (_, low, high) => [0, Math.max(1, high * 1.05)] } },
    cursor: { drag: { x: true, y: false } },
    axes: [
      { ...axis, values: (_, values) => values.map(clock), incrs: [1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400], space: 70 },
      { ...axis, values: (_, values) => values.map(count), size: 62, incrs: [1, 2, 5].flatMap((n) => [...Array(9)].map((_, e) => n * 10 ** e)).sort((a, b) => a - b) },
    ],
    series: [{ label: 'time', value: (_, value) => (value === null ? '–' : clock(value)) }, ...series.map(line)],
  }
  element.replaceChildren()
  return new uPlot(options, [x, ...series.map(({ values }) => values)], element)
}

function drawAll() {
  drawn.splice(0).forEach((chart) => chart.destroy())
  for (const element of document.querySelectorAll('[data-chart]')) drawn.push(draw(element))
}

drawAll()
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll)
addEventListener('resize', () => drawn.forEach((chart) => chart.setSize({ width: chart.root.parentElement.clientWidth, height: chart.height })))
`
