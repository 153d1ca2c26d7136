/** Counts what the visitors do and how long the gallery takes to answer. */

/** Failures in a row after which the gallery is taken to be gone. */
const HOPELESS = 200

export interface Report {
  /** An answer the visitor hoped for: `kind` is what was done, `ms` how long it took. */
  answered(kind: string, ms: number): void
  /** Any other answer, or none; it has no part in the times. */
  failed(kind: string, cause: string): void
  /** Something that happened beside the requests: an order, a refusal. */
  noted(what: string): void
  isHopeless(): boolean
  giveUp(): void
  progress(): void
  /** Prints the summary; the exit code: 0 when every answer was right, 1 otherwise. */
  summary(): number
}

export function createReport(seconds: number): Report {
  const started = performance.now()
  const times = new Map<string, number[]>()
  const notes = new Map<string, number>()
  const causes = new Map<string, number>()
  let requests = 0
  let errors = 0
  let inARow = 0
  let givenUp = false

  const elapsed = (): number => (performance.now() - started) / 1000

  return {
    answered(kind, ms) {
      requests++
      inARow = 0
      const list = times.get(kind)
      if (list === undefined) times.set(kind, [ms])
      else list.push(ms)
    },
    failed(kind, cause) {
      requests++
      errors++
      inARow++
      count(causes, `${kind}: ${cause}`)
    },
    noted: (what) => count(notes, what),
    isHopeless: () => givenUp || inARow >= HOPELESS,
    giveUp: () => {
      givenUp = true
    },
    progress() {
      if (!process.stdout.isTTY) return
      const rate = Math.round(requests / Math.max(0.001, elapsed()))
      process.stdout.write(
        `\r${Math.floor(elapsed())} of ${seconds} s · ${requests} requests · ${rate}/s · ${notes.get('orders') ?? 0} orders · ${errors} errors   `,
      )
    },
    summary() {
      if (process.stdout.isTTY) process.stdout.write('\n')
      console.log(
        `\n${requests} requests in ${elapsed().toFixed(1)} s (${(requests / elapsed()).toFixed(0)} a second), ${errors} errors`,
      )
      for (const [cause, many] of causes) console.log(`  ${many} × ${cause}`)
      console.log([...notes].map(([what, many]) => `${many} ${what}`).join(', '))
      console.log(
        `\n${'ms'.padEnd(12)}${['count', 'p50', 'p95', 'p99', 'longest'].map((head) => head.padStart(10)).join('')}`,
      )
      for (const [kind, list] of [...times, ['all', [...times.values()].flat()] as const]) {
        const sorted = list.toSorted((a, b) => a - b)
        const cells = [0.5, 0.95, 0.99, 1].map((p) => percentile(sorted, p).toFixed(1).padStart(10))
        console.log(`${kind.padEnd(12)}${String(list.length).padStart(10)}${cells.join('')}`)
      }
      return errors === 0 && requests > 0 ? 0 : 1
    },
  }
}

function count(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1)
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
}
