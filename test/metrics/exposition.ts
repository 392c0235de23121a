/** Prometheus's text format, read back for tests. */

interface SeriesValue {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export function exposition(text: string) {
  const all = text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(parse)
  const matching = (name: string, labels: object) =>
    all.filter((series) => series.name === name && Object.entries(labels).every(([label, value]) => series.labels[label] === value))
  return {
    all,
    names: new Set(all.map(({ name }) => name)),
    /** The labels of all series of a name, without the run's. */
    series: (name: string) => matching(name, {}).map(({ labels: { run_id: _run, ...labels } }) => labels),
    /** The value of the one series that has these labels (it may have more); undefined when there is none. */
    value: (name: string, labels: object): number | undefined => {
      const found = matching(name, labels)
      if (found.length > 1) throw new Error(`${found.length} series ${name} with ${JSON.stringify(labels)}`)
      return found[0]?.value
    },
  }
}

function parse(line: string): SeriesValue {
  const [, name, labels, value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
  if (!name) throw new Error(`not a sample: ${line}`)
  const pairs = [...(labels ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, text]) => [key!, text!.replaceAll(/\\(.)/g, '$1')])
  return { name, labels: Object.fromEntries(pairs), value: Number(value) }
}
