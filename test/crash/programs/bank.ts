/**
 * A bank that is killed: transfers in every way, and readers that add up all balances in two halves. Says `done <transfer>`
 * for each that was acknowledged, and `sum <sum>` for each time that a reader has added up.
 */
import { readSync } from 'node:fs'
import { NOORMME } from '../../../src/index.ts'
import { ACCOUNTS, type BankFault, openBank, sumOf } from '../support/bank.ts'
import { chanceFrom } from '../support/chance.ts'

const { path, first, seed, fault } = JSON.parse(process.argv[2] ?? '') as {
  readonly path: string
  /** Number of the first transfer. */
  readonly first: number
  readonly seed: number
  readonly fault: BankFault | null
}

readSync(0, Buffer.alloc(1))
const say = (line: string): void => void process.stdout.write(`${line}\n`)
const db = new NOORMME(path)
await openBank(db)

let next = first
/** Resolves with the next commit. */
let committed = Promise.withResolvers<void>()
const draw = chanceFrom(seed, `transfers from ${first}`)
const TAKE = 'UPDATE accounts SET balance = balance - ? WHERE id = ?'
const GIVE = 'UPDATE accounts SET balance = balance + ? WHERE id = ?'
const NOTE = 'INSERT INTO transfers (id, source, target, amount) VALUES (?, ?, ?, ?)'

async function transfers(ways: number): Promise<never> {
  for (;;) {
    const id = next++
    const source = draw.between(1, ACCOUNTS)
    const target = 1 + ((source + draw.between(0, ACCOUNTS - 2)) % ACCOUNTS)
    const amount = draw.between(1, 50)
    const statements = [
      { sql: TAKE, parameters: [amount, source] },
      { sql: GIVE, parameters: [amount, target] },
      { sql: NOTE, parameters: [id, source, target, amount] },
    ]
    if (fault === 'no transaction') {
      for (const { sql, parameters } of statements) await db.execute(sql, parameters)
    } else if (ways === 0) {
      await db.batch(statements)
    } else {
      await db.transaction(async (tx) => {
        // Read, then write what was computed: two such at once must not overwrite each other.
        const accounts = tx.getRepository<{ id: number; balance: number }>('accounts')
        const [from, to] = [await accounts.findById(source), await accounts.findById(target)]
        await accounts.update(source, { balance: (from?.balance ?? 0) - amount })
        await accounts.update(target, { balance: (to?.balance ?? 0) + amount })
        await tx.execute(NOTE, [id, source, target, amount])
      })
    }
    say(`done ${id}`)
    committed.resolve()
    committed = Promise.withResolvers<void>()
  }
}

const nextCommit = (): Promise<void> => committed.promise

async function reader(): Promise<never> {
  for (;;) {
    const sum =
      fault === 'no snapshot'
        ? await sumOf(db, nextCommit)
        : await db.snapshot((snapshot) => sumOf(snapshot, nextCommit))
    say(`sum ${sum}`)
  }
}

// Before the first transfer, so that every round has a sum, however long a reader's thread takes to start.
say(`sum ${await db.snapshot((snapshot) => sumOf(snapshot, async () => {}))}`)
await Promise.all([...Array.from({ length: 12 }, (_, index) => transfers(index % 2)), reader(), reader()])
