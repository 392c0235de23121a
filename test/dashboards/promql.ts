import { parser } from '@prometheus-io/lezer-promql'

type SyntaxNode = ReturnType<typeof parser.parse>['topNode']

export interface Selector {
  readonly metric: string
  readonly matchers: readonly { readonly label: string; readonly operator: string; readonly value: string }[]
  /** The functions around it, innermost first. */
  readonly functions: readonly string[]
}

/** The selectors of a query. Throws where it does not parse. */
export function selectors(expr: string): Selector[] {
  const tree = parser.parse(expr)
  const found: Selector[] = []
  tree.iterate({
    enter({ type, from, node }) {
      if (type.isError) throw new SyntaxError(`PromQL, at ${from}: ${expr.slice(0, from)}⟨here⟩${expr.slice(from)}`)
      if (type.name === 'VectorSelector')
        found.push({ metric: text(expr, node.getChild('Identifier')), matchers: matchers(expr, node), functions: around(expr, node) })
    },
  })
  return found
}

function matchers(expr: string, selector: SyntaxNode): Selector['matchers'] {
  const list = selector.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? []
  return list.map((matcher) => ({
    label: text(expr, matcher.getChild('LabelName')),
    operator: text(expr, matcher.getChild('MatchOp')),
    value: text(expr, matcher.getChild('StringLiteral')).slice(1, -1),
  }))
}

function around(expr: string, selector: SyntaxNode): string[] {
  const names: string[] = []
  for (let node = selector.parent; node; node = node.parent) {
    if (node.name === 'FunctionCall') names.push(text(expr, node.getChild('FunctionIdentifier')))
  }
  return names
}

function text(expr: string, node: SyntaxNode | null): string {
  return node ? expr.slice(node.from, node.to) : ''
}
