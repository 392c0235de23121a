/** Characters that XML 1.0 section 2.2 does not allow: control characters but tab and line ends, halves of surrogate pairs, two non-characters. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu

/** Text that is HTML already. */
export class Markup {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export type Content = string | number | Markup | readonly Content[] | undefined

/** A template whose values are escaped, unless they are Markup; lists are joined, undefined is nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(parts.reduce((text, part, index) => text + textOf(values[index - 1]) + part))
}

/** Safe in the text and in quoted attributes of HTML and XML. What XML 1.0 forbids even when escaped is replaced. */
export function escapeMarkup(text: string): string {
  const allowed = text.replace(FORBIDDEN, '\ufffd')
  return allowed.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;')
}

/** Data for a script element of type application/json: it can't end the element. */
export function jsonMarkup(data: unknown): Markup {
  return new Markup(JSON.stringify(data).replaceAll('<', String.raw`\u003c`))
}

function textOf(content: Content): string {
  if (content === undefined) return ''
  if (content instanceof Markup) return content.text
  if (typeof content === 'object') return content.map(textOf).join('')
  return escapeMarkup(String(content))
}
