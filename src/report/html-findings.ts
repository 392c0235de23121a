import { formatCount } from './figures.ts'
import { html, type Content } from './markup.ts'
import type { Summary } from './summary-schema.ts'

/** A line each: on how many devices, what, and on which first. */
export function findings({ findings }: Summary): Content {
  if (findings.length === 0) return undefined
  const rows = findings.map(
    ({ count, finding, text, examples }) =>
      html`<tr>
        <td>${formatCount(count)}</td>
        <td class="left"><b>${finding}</b></td>
        <td class="left wrap">${text}</td>
        <td class="left wrap soft"><code>${examples.join(', ')}${examples.length < count ? ', …' : ''}</code></td>
      </tr>`,
  )
  return html`<section>
    <h2>Findings</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>devices</th>
            <th class="left">finding</th>
            <th class="left">what they did</th>
            <th class="left">which</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
    <p class="soft">What no operator would have been told.</p>
  </section>`
}
