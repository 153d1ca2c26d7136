/** The promise "consistent": own writes are read, a snapshot is one point in time, a transaction is serialisable. */
import { expect, test } from 'vitest'
import { tempDatabase } from '../support/temp-database.ts'

const ACCOUNTS = 20
const TOTAL = ACCOUNTS * 100

test('each of 50 clients reads what it has just written, inline and on threads', async () => {
  const { db } = tempDatabase({ optimization: { synchronous: 'OFF' } })
  await db.execute('CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER)')
  await db.refreshSchema()
  const rows = db.getRepository<{ id: number; n: number }>('t')
  const client = async (id: number): Promise<void> => {
    await rows.create({ id, n: 0 })
    for (let n = 1; n <= 20; n++) {
      await rows.update(id, { n })
      expect(await rows.findById(id)).toEqual({ id, n })
      expect((await db.execute('SELECT sum(n) AS n FROM t WHERE id = ?', [id])).rows).toEqual([{ n }])
    }
  }
  await Promise.all(Array.from({ length: 50 }, (_, id) => client(id)))
})

test('a snapshot sees one sum while money moves, and after concurrent transfers none is lost', async () => {
  const { db } = tempDatabase({ optimization: { synchronous: 'OFF' } })
  await db.execute('CREATE TABLE accounts (id INTEGER PRIMARY KEY, balance INTEGER)')
  await db.refreshSchema()
  await db.getRepository('accounts').createMany(Array.from({ length: ACCOUNTS }, (_, id) => ({ id, balance: 100 })))
  const moved = Array.from({ length: ACCOUNTS }, () => 0)
  const transfer = (from: number, to: number) =>
    db.transaction(async (tx) => {
      const accounts = tx.getRepository<{ id: number; balance: number }>('accounts')
      const [payer, payee] = [await accounts.findById(from), await accounts.findById(to)]
      await accounts.update(from, { balance: (payer?.balance ?? 0) - 1 })
      await accounts.update(to, { balance: (payee?.balance ?? 0) + 1 })
      moved[from] = (moved[from] ?? 0) - 1
      moved[to] = (moved[to] ?? 0) + 1
    })
  let moving = true
  const look = async (): Promise<number> => {
    let looks = 0
    while (moving) {
      const seen = await db.snapshot(async (snapshot) => {
        const sum = async () => (await snapshot.execute<{ n: number }>('SELECT sum(balance) AS n FROM accounts')).rows
        const rows = await snapshot.getRepository<{ id: number; balance: number }>('accounts').findAll()
        return [...(await sum()), ...(await sum()), { n: rows.reduce((n, { balance }) => n + balance, 0) }]
      })
      expect(seen).toEqual([{ n: TOTAL }, { n: TOTAL }, { n: TOTAL }])
      looks++
    }
    return looks
  }
  const looking = [look(), look()]
  await Promise.all(Array.from({ length: 300 }, (_, n) => transfer(n % ACCOUNTS, (n * 7 + 1) % ACCOUNTS)))
  moving = false
  for (const looks of await Promise.all(looking)) expect(looks).toBeGreaterThan(0)

  const balances = (await db.execute<{ balance: number }>('SELECT balance FROM accounts ORDER BY id')).rows
  expect(balances.map(({ balance }) => balance - 100)).toEqual(moved)
})
