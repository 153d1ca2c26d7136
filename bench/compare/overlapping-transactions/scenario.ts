/**
 * Two requests, a transaction each. A writes; then B writes and commits; then A fails. B's row has to be there and A's must
 * not. A waits for B no longer than 300 ms, so a tool that runs them one after another comes by.
 */
import { committedNames } from '../lib/fresh-file.ts'
import { end, gate, type Outcome, outcome } from '../lib/timing.ts'
import { firstLine, verdict } from '../lib/verdict.ts'

export interface Tool {
  readonly file: string
  /** Runs `work` in a transaction, giving it what inserts a row into `items` there. */
  transaction(work: (insert: (name: string) => Promise<unknown>) => Promise<void>): Promise<unknown>
  close(): unknown
}

export async function run({ file, transaction, close }: Tool): Promise<never> {
  const aHasWritten = gate()
  const bHasEnded = gate()

  const a = transaction(async (insert) => {
    await insert('from A')
    aHasWritten.open()
    await bHasEnded.within(300)
    throw new Error('A fails')
  })
  const b = aHasWritten.opened.then(() =>
    transaction(async (insert) => {
      await insert('from B')
    }),
  )
  b.then(bHasEnded.open, bHasEnded.open)

  judge(await outcome(a), await outcome(b), committedNames(file))
  return end(close)
}

function judge(a: Outcome<unknown>, b: Outcome<unknown>, names: readonly string[]): void {
  if (a.state === 'fulfilled' || names.includes('from A')) {
    verdict('red', 'kept what failed', 'A failed, and its row stayed.')
  } else if (b.state === 'fulfilled' && !names.includes('from B')) {
    verdict('red', 'lost 1 of 1', 'B was told that it is committed; its row went with A, which failed.')
  } else if (a.state === 'pending' || b.state === 'pending') {
    verdict('red', 'hangs', 'One of the two never ended.')
  } else if (b.state === 'rejected') {
    verdict('yellow', 'B refused', `B had to fail beside A: ${firstLine(b.error)}`)
  } else verdict('green', 'right', "B's row is there, A's is not.")
}
