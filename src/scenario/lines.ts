/** Lines and columns of a text. (The LineCounter of `yaml` loses count after some syntax errors.) */
export class Lines {
  readonly #starts: readonly number[]

  constructor(text: string) {
    this.#starts = [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)]
  }

  /** Both count from 1. */
  position(offset: number): { line: number; col: number } {
    let line = 0
    for (let low = 0, high = this.#starts.length; low < high;) {
      const middle = (low + high) >> 1
      if (this.#starts[middle]! <= offset) low = (line = middle) + 1
      else high = middle
    }
    return { line: line + 1, col: offset - this.#starts[line]! + 1 }
  }
}
