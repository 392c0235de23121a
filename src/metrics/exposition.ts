import { Counter, Gauge, Histogram } from 'prom-client'
import type { Registry } from 'prom-client'
import type { Metric } from './catalogue.ts'
import type { Block } from './slots.ts'

/** How slots become metrics of prom-client, which is only asked for text: nothing is kept there between two scrapes. */

export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** Registers the metric of a block; `read` gives the block's slots, summed, at the time of a scrape. */
export function registerBlock(registry: Registry, block: Block, read: () => Float64Array): void {
  if (block.metric.buckets) registry.registerMetric(new SlotHistogram(block, block.metric.buckets, read))
  else registerSamples(registry, block.metric, () => samples(block, read()))
}

/** Registers a counter or a gauge whose series are read at the time of a scrape. */
export function registerSamples(registry: Registry, metric: Metric, read: () => Iterable<Sample>): void {
  const config = { name: metric.name, help: metric.help, labelNames: metric.labels.map(({ name }) => name), registers: [registry] }
  if (metric.type === 'counter') {
    const counter: Counter = new Counter({
      ...config,
      collect() {
        counter.reset()
        for (const { labels, value } of read()) counter.inc(labels, value)
      },
    })
  } else {
    const gauge: Gauge = new Gauge({
      ...config,
      collect() {
        gauge.reset()
        for (const { labels, value } of read()) gauge.set(labels, value)
      },
    })
  }
}

function* samples(block: Block, slots: Float64Array): Iterable<Sample> {
  for (const [series, labels] of block.series.entries()) yield { labels, value: slots[series]! }
}

/** prom-client has no way to set a histogram's buckets, so this one answers the registry itself. */
class SlotHistogram extends Histogram {
  private readonly block: Block
  private readonly bounds: readonly number[]
  private readonly read: () => Float64Array

  constructor(block: Block, buckets: readonly number[], read: () => Float64Array) {
    const { name, help, labels } = block.metric
    super({ name, help, labelNames: labels.map((label) => label.name), buckets: [...buckets], registers: [] })
    this.block = block
    this.bounds = buckets
    this.read = read
  }

  /** What the registry of prom-client 15 and `get()` itself call; not in its types. */
  async getForPromString() {
    const { name, help } = this.block.metric
    return { name, help, type: 'histogram', aggregator: 'sum', values: this.values() }
  }

  private values() {
    const { name } = this.block.metric
    const slots = this.read()
    return this.block.series.flatMap((labels, series) => {
      const first = series * this.block.width
      let count = 0
      const buckets = [...this.bounds, '+Inf'].map((le, bucket) => ({
        metricName: `${name}_bucket`,
        labels: { le },
        sharedLabels: labels,
        value: (count += slots[first + bucket]!),
      }))
      return [
        ...buckets,
        { metricName: `${name}_sum`, labels: {}, sharedLabels: labels, value: slots[first + this.bounds.length + 1]! },
        { metricName: `${name}_count`, labels: {}, sharedLabels: labels, value: count },
      ]
    })
  }
}
