import { METRICS } from './catalogue.ts'
import type { Metric, MetricKey } from './catalogue.ts'
import type { MetricsContext } from './labels.ts'

/** One metric within the slots: its series in row-major order of the label values, each `width` slots wide. */
export class Block {
  readonly metric: Metric
  readonly base: number
  /** 1; for a histogram one slot for each bucket, one for +Inf and one for the sum. Buckets are not cumulative. */
  readonly width: number
  /** The labels of each series, in order. */
  readonly series: readonly Readonly<Record<string, string>>[]
  readonly size: number
  /** How far apart, in slots, two values of the first, second and third label are. */
  private readonly firstStride: number
  private readonly secondStride: number
  private readonly thirdStride: number

  constructor(metric: Metric, base: number, context: MetricsContext) {
    this.metric = metric
    this.base = base
    this.width = metric.buckets ? metric.buckets.length + 2 : 1
    const values = metric.labels.map((label) => distinct(metric, label.name, label.values(context)))
    this.series = combinations(
      metric.labels.map((label) => label.name),
      values,
    )
    this.size = this.series.length * this.width
    const stride = (label: number) => values.slice(label + 1).reduce((product, { length }) => product * length, this.width)
    this.firstStride = stride(0)
    this.secondStride = stride(1)
    this.thirdStride = stride(2)
  }

  /** The slot of the series with these label values, given as indexes. */
  at(first = 0, second = 0, third = 0): number {
    return this.base + first * this.firstStride + second * this.secondStride + third * this.thirdStride
  }
}

/** Where in a shared buffer each series is. The same context gives the same layout in every thread. */
export class Slots {
  readonly blocks: Readonly<Record<MetricKey, Block>>
  readonly byteLength: number

  constructor(context: MetricsContext) {
    let base = 0
    const entries = (Object.keys(METRICS) as MetricKey[]).map((key) => {
      const block = new Block(METRICS[key], base, context)
      base += block.size
      return [key, block] as const
    })
    this.blocks = Object.fromEntries(entries) as Record<MetricKey, Block>
    this.byteLength = base * Float64Array.BYTES_PER_ELEMENT
  }

  /** A buffer of zeros for one recorder. */
  allocate(): SharedArrayBuffer {
    return new SharedArrayBuffer(this.byteLength)
  }

  /** The view of a buffer; one writer, any number of readers. A 64-bit machine reads and writes an aligned double whole. */
  view(buffer: SharedArrayBuffer): Float64Array {
    if (buffer.byteLength === this.byteLength) return new Float64Array(buffer)
    throw new RangeError(`expected a metrics buffer of ${this.byteLength} bytes, found ${buffer.byteLength}: laid out for another context`)
  }
}

/** Counts one observation in the histogram series that begins at `slot`. */
export function observe(slots: Float64Array, slot: number, buckets: readonly number[], value: number): void {
  let bucket = 0
  while (bucket < buckets.length && value > buckets[bucket]!) bucket++
  slots[slot + bucket]!++
  slots[slot + buckets.length + 1]! += value
}

function distinct(metric: Metric, label: string, values: readonly string[]): readonly string[] {
  if (new Set(values).size === values.length) return values
  throw new RangeError(`${metric.name}: the values of ${label} are not distinct: ${values.join(', ')}`)
}

function combinations(names: readonly string[], values: readonly (readonly string[])[]): Record<string, string>[] {
  return names.reduce<Record<string, string>[]>(
    (rows, name, label) => rows.flatMap((row) => values[label]!.map((value) => ({ ...row, [name]: value }))),
    [{}],
  )
}
