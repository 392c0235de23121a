import type { Reporter, TestModule } from 'vitest/node'

/** Names the tests that were left out for want of a peer (`test/peer.ts`), and what to install; and the files whose process ended before they did. */
export class LeftOut implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = new Map<string, number>()
    for (const module of modules) {
      for (const { fullName } of module.children.allTests('skipped')) {
        const need = / \[needs ([^\]]+)\]/.exec(fullName)?.[1]
        if (need !== undefined) counts.set(need, (counts.get(need) ?? 0) + 1)
      }
    }
    for (const module of modules) if (module.state() === 'pending' || module.state() === 'queued') console.log(`\n never ended: ${module.moduleId}`)
    for (const [need, count] of counts) console.log(`\n left out: ${count} ${count === 1 ? 'test' : 'tests'} for want of ${need}`)
  }
}
