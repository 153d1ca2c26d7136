/** Accounts whose balances add up to the same sum at all times. */
import type { NOORMME } from '../../../src/index.ts'

export const ACCOUNTS = 20
export const EVERYTHING = ACCOUNTS * 1000

/** Which protection is taken out. */
export type BankFault = 'no transaction' | 'no snapshot'

type Reader = Pick<NOORMME, 'execute'>

/** Makes the accounts, in one go, where there are none. */
export async function openBank(db: NOORMME): Promise<void> {
  await db.batch([
    { sql: 'CREATE TABLE IF NOT EXISTS accounts (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL)' },
    {
      sql: 'CREATE TABLE IF NOT EXISTS transfers (id INTEGER PRIMARY KEY, source INTEGER, target INTEGER, amount INTEGER)',
    },
    {
      sql: `WITH RECURSIVE ids (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM ids WHERE id < ${ACCOUNTS})
        INSERT INTO accounts SELECT id, 1000 FROM ids WHERE NOT EXISTS (SELECT 1 FROM accounts)`,
    },
  ])
  await db.refreshSchema()
}

/** All balances, read in two halves, with time `between` them for transfers to be committed. */
export async function sumOf(reader: Reader, between: () => Promise<unknown>): Promise<number> {
  const half = async (odd: number): Promise<number> => {
    const sql = 'SELECT total(balance) AS sum FROM accounts WHERE id % 2 = ?'
    return (await reader.execute<{ sum: number }>(sql, [odd])).rows[0]?.sum ?? 0
  }
  const even = await half(0)
  await between()
  return even + (await half(1))
}

/** Accounts whose balance is not what the noted transfers make of it. */
export async function wrongAccounts(reader: Reader): Promise<unknown[]> {
  const { rows } = await reader.execute(
    `SELECT id, balance FROM accounts WHERE balance <> 1000
       + (SELECT coalesce(sum(amount), 0) FROM transfers WHERE target = accounts.id)
       - (SELECT coalesce(sum(amount), 0) FROM transfers WHERE source = accounts.id)`,
  )
  return rows
}
