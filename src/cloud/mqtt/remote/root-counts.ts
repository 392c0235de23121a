import { EVERYTHING } from './topic-root.ts'

/** Beyond this many roots every door is told that everything is wanted, for good. */
const MAX_ROOTS = 1000

/**
 * Which door has how many filters of which root (topic-root.ts), and what each has to know of the others: `tell` is called when a root begins or ceases
 * to be wanted anywhere but at `door` itself. Whoever never joined may want something, too, and is told nothing.
 */
export class RootCounts<D extends object> {
  readonly #tell: (door: D, root: string, isWanted: boolean) => void
  readonly #doors = new Set<D>()
  readonly #counts = new Map<string, Map<object, number>>()

  constructor(tell: (door: D, root: string, isWanted: boolean) => void) {
    this.#tell = tell
  }

  /** From here on the door is told. */
  join(door: D): void {
    this.#doors.add(door)
    for (const root of this.#counts.keys()) this.#tell(door, root, true)
  }

  leave(door: D): void {
    this.#doors.delete(door)
    for (const [root, counts] of this.#counts) if (counts.has(door)) this.#withdraw(door, root, counts)
  }

  add(door: object, root: string): void {
    const counts = this.#counts.get(root)
    if (!counts && this.#counts.size >= MAX_ROOTS && root !== EVERYTHING) return this.#overflow()
    const known = counts?.get(door) ?? 0
    if (counts) counts.set(door, known + 1)
    else this.#counts.set(root, new Map([[door, 1]]))
    if (known === 0) this.#tellOfChange(door, root, true)
  }

  remove(door: object, root: string): void {
    const counts = this.#counts.get(root)
    const known = counts?.get(door)
    if (!counts || known === undefined) return
    if (known > 1) counts.set(door, known - 1)
    else this.#withdraw(door, root, counts)
  }

  /** Roots that come now are not counted, so nobody may take this back. */
  #overflow(): void {
    if (!this.#counts.get(EVERYTHING)?.has(this)) this.add(this, EVERYTHING)
  }

  #withdraw(door: object, root: string, counts: Map<object, number>): void {
    counts.delete(door)
    if (counts.size === 0) this.#counts.delete(root)
    this.#tellOfChange(door, root, false)
  }

  /** The first one that wants a root, or the last one, matters to all others; the second one to the first. */
  #tellOfChange(changed: object, root: string, isWanted: boolean): void {
    const others = [...(this.#counts.get(root)?.keys() ?? [])].filter((holder) => holder !== changed)
    if (others.length > 1) return
    for (const door of this.#doors) if (door !== changed && (others.length === 0 || door === others[0])) this.#tell(door, root, isWanted)
  }
}
