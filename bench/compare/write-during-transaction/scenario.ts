/** While a request has a transaction open and has written in it, another request writes; then the transaction fails. */
import { committedNames } from '../lib/fresh-file.ts'
import { end, gate, type Outcome, outcome } from '../lib/timing.ts'
import { firstLine, verdict } from '../lib/verdict.ts'

export interface Tool {
  readonly file: string
  /** Runs `work` in a transaction, giving it what inserts a row into `items` there. */
  transaction(work: (insert: (name: string) => Promise<unknown>) => Promise<void>): Promise<unknown>
  /** Inserts a row into `items`, as another request does. */
  insert(name: string): Promise<unknown>
  close(): unknown
}

export async function run({ file, transaction, insert, close }: Tool): Promise<never> {
  const written = gate()
  const otherHasEnded = gate()

  const failing = outcome(
    transaction(async (insertThere) => {
      await insertThere('of the transaction')
      written.open()
      await otherHasEnded.within(300)
      throw new Error('it fails')
    }),
  )
  const other = written.opened.then(() => insert('of another request'))
  other.then(otherHasEnded.open, otherHasEnded.open)

  const result = await outcome(other)
  await failing
  judge(result, committedNames(file))
  return end(close)
}

function judge(other: Outcome<unknown>, names: readonly string[]): void {
  const kept = names.includes('of another request')
  if (names.includes('of the transaction')) {
    verdict('red', 'kept what failed', 'The transaction failed, and its row stayed.')
  } else if (other.state === 'pending') {
    verdict('red', 'hangs', 'The write never ended.')
  } else if (other.state === 'rejected') {
    verdict('yellow', 'refused', `The write fails: ${firstLine(other.error)}`)
  } else if (!kept) {
    verdict(
      'red',
      'lost 1 of 1',
      'The write of the other request was acknowledged; it went with the transaction that failed.',
    )
  } else verdict('green', 'right', 'What the other request wrote is there, what the transaction wrote is not.')
}
