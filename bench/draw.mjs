import { readFileSync, writeFileSync } from 'node:fs'
import { lineChart } from './picture.mjs'

/**
 * `node bench/draw.mjs docs/benchmarks`: the pictures of the docs, made of what `npm run bench -- <name> --json` wrote there.
 * Each is named after its file.
 */
const [folder] = process.argv.slice(2)
if (!folder) {
  console.error('usage: node bench/draw.mjs <folder with the JSON of the benches>')
  process.exit(2)
}

const read = (name) => JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8')).results[0]
const draw = (name, chart) => writeFileSync(`${folder}/${name}.svg`, lineChart(chart))

const CURVES = {
  'curve-virtual': 'Virtual time: cost of a device in one rollout',
  'curve-sockets': 'Over sockets: cost of a device in one rollout, fleet and cloud',
}
for (const [name, title] of Object.entries(CURVES)) {
  const { rows } = read(name)
  const points = (figure, unit) => rows.map((row) => [row.devices, row[figure] / unit])
  draw(`${name}-time`, {
    title,
    x: 'devices',
    y: 'CPU ms a device',
    isLog: true,
    series: [{ name: 'CPU', points: points('cpuMicrosPerDevice', 1000) }],
  })
  draw(`${name}-memory`, {
    title,
    x: 'devices',
    y: 'KiB a device',
    isLog: true,
    series: [{ name: 'memory', points: points('bytesPerDevice', 1024) }],
  })
}

const soak = read('soak')
draw('soak', {
  title: `${soak.devices.toLocaleString('en')} devices over sockets, a storm of reconnects every minute`,
  x: 'seconds',
  y: 'MiB, all processes',
  series: [{ name: 'memory', points: soak.looks }],
})
