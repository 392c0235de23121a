import { CATALOGUE } from './catalogue.ts'
import type { Metric } from './catalogue.ts'

/** `docs/metrics.md`: every metric with its type, unit, labels and meaning. */
export function metricsReference(): string {
  return `# Metrics

Generated from \`src/metrics/catalogue.ts\`. Every series has the label \`run_id\` besides its own, and every label has a bounded set of values: no
device, topic or URL is ever a label. What is bounded by the scenario is there from the first scrape on, at zero. Durations are in simulated seconds
unless it says wall clock; divide a rate by \`rate(fleetsim_simulated_seconds_total[…])\` to get it per simulated second.

| metric | type | unit | labels | meaning |
|---|---|---|---|---|
${CATALOGUE.map(row).join('\n')}

## Labels

| label | values |
|---|---|
${labels().join('\n')}

## Buckets

| histogram | upper bounds in seconds |
|---|---|
${CATALOGUE.flatMap(({ name, buckets }) => (buckets ? [`| \`${name}\` | ${buckets.join(', ')} |`] : [])).join('\n')}
`
}

function row({ name, type, unit, labels, help }: Metric): string {
  return `| \`${name}\` | ${type} | ${unit === 'none' ? '' : unit} | ${labels.map((label) => `\`${label.name}\``).join(', ')} | ${help} |`
}

/** A label with the same values everywhere has one row; one that differs, such as `status`, has a row for each set. */
function labels(): string[] {
  const rows = CATALOGUE.flatMap((metric) =>
    metric.labels.map((label) => {
      const values = typeof label.known === 'string' ? label.known : label.known.map((value) => `\`${value}\``).join(', ')
      return `| \`${label.name}\` | ${values} |`
    }),
  )
  return [...new Set(rows)].toSorted()
}
