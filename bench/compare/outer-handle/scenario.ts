/**
 * A function called inside a transaction writes by the handle that everybody uses, not by the transaction's own. It may
 * become a part of the transaction, or be refused; it must not wait for the transaction that waits for it.
 */
import { committedNames } from '../lib/fresh-file.ts'
import { end, type Outcome, outcome } from '../lib/timing.ts'
import { firstLine, verdict } from '../lib/verdict.ts'

export interface Tool {
  readonly file: string
  /** Runs `work` in a transaction. */
  transaction(work: () => Promise<void>): Promise<unknown>
  /** Inserts a row into `items` by the handle that is outside of any transaction. */
  insert(name: string): Promise<unknown>
  close(): unknown
}

export async function run({ file, transaction, insert, close }: Tool): Promise<never> {
  const inside = Promise.withResolvers<Outcome<unknown>>()
  const whole = outcome(
    transaction(async () => {
      inside.resolve(await outcome(insert('by the outer handle')))
      throw new Error('the transaction fails')
    }),
  )
  const result = await outcome(inside.promise, 4000)
  await whole
  judge(result.state === 'fulfilled' ? result.value : result, committedNames(file))
  return end(close)
}

/** For tools whose transactions are synchronous functions: both at once. */
export async function runSynchronous(tool: {
  readonly file: string
  transaction(work: () => void): unknown
  insert(name: string): unknown
  close(): unknown
}): Promise<never> {
  let inside: Outcome<unknown> = { state: 'pending' }
  try {
    tool.transaction(() => {
      inside = { state: 'fulfilled', value: tool.insert('by the outer handle') }
      throw new Error('the transaction fails')
    })
  } catch (error) {
    if (inside.state === 'pending') inside = { state: 'rejected', error }
  }
  judge(inside, committedNames(tool.file))
  return end(() => tool.close())
}

function judge(inside: Outcome<unknown>, names: readonly string[]): void {
  if (inside.state === 'pending') {
    verdict(
      'red',
      'waits for itself',
      'After three seconds the call still waits for the transaction, which waits for the call.',
    )
  } else if (inside.state === 'rejected') {
    verdict('yellow', 'refused', `The call fails: ${firstLine(inside.error)}`)
  } else if (names.length > 0) {
    verdict('yellow', 'stands apart', 'The row was written beside the transaction, and stays when that fails.')
  } else verdict('green', 'joins', 'The call became a part of the transaction: undone with it.')
}
