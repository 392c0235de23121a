/** Who is told of bugs: of errors in an operation that are no answer to its client. */
export type OnBug = (error: unknown) => void

/** Tells a bug, and gives the answer that its client gets instead. Where nobody wants to be told, it is thrown, and ends the process. */
export function afterBug<A>({ onBug }: { readonly onBug?: OnBug | undefined }, error: unknown, answer: A): A {
  if (!onBug) throw error
  onBug(error)
  return answer
}
