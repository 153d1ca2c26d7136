/** While a request has a transaction open and has written in it, another request reads. It must see what is committed only. */
import { end, gate, type Outcome, outcome } from '../lib/timing.ts'
import { firstLine, verdict } from '../lib/verdict.ts'

export interface Tool {
  /** Runs `work` in a transaction, giving it what inserts a row into `items` there. */
  transaction(work: (insert: (name: string) => Promise<unknown>) => Promise<void>): Promise<unknown>
  /** The names in `items`, as another request reads them. */
  names(): Promise<readonly string[]>
  close(): unknown
}

export async function run({ transaction, names, close }: Tool): Promise<never> {
  const written = gate()
  const readHasEnded = gate()
  let open = true

  const writing = outcome(
    transaction(async (insert) => {
      await insert('not committed')
      written.open()
      await readHasEnded.within(500)
      open = false
      throw new Error('and never will be')
    }),
  )
  const reading = written.opened.then(names).then((seen) => ({ seen, meanwhile: open }))
  reading.then(readHasEnded.open, readHasEnded.open)

  const read = await outcome(reading)
  await writing
  judge(read)
  return end(close)
}

function judge(read: Outcome<{ readonly seen: readonly string[]; readonly meanwhile: boolean }>): void {
  if (read.state === 'pending') verdict('red', 'hangs', 'The read never ended.')
  else if (read.state === 'rejected') verdict('yellow', 'refused', `The read fails: ${firstLine(read.error)}`)
  else if (read.value.seen.length > 0) {
    verdict('red', 'dirty read', 'It sees a row of the open transaction, which is rolled back a moment later.')
  } else if (!read.value.meanwhile) {
    verdict(
      'yellow',
      'waits',
      'It sees what is committed, but only when the transaction of the other request has ended.',
    )
  } else verdict('green', 'right', 'It sees what is committed, at once.')
}
