/** The promise "never busy": no call sees SQLITE_BUSY from this process, and processes wait for each other in turns. */
import { expect, test } from 'vitest'
import { runProgram } from '../support/run-program.ts'
import { tempDatabase } from '../support/temp-database.ts'

const PROCESSES = 4
const ROWS = 500

test('four processes insert and count up at once: nobody is refused, every row and every step is there', async () => {
  const { db, folder, path } = tempDatabase({ optimization: { synchronous: 'OFF' } })
  await db.execute('CREATE TABLE t (process INTEGER, n INTEGER)')
  await db.execute('CREATE TABLE counter (n INTEGER)')
  await db.execute('INSERT INTO counter VALUES (0)')
  const programs = Array.from({ length: PROCESSES }, (_, number) =>
    runProgram(
      folder,
      `import { NOORMME } from 'noormme/index.ts'
      const config = { connection: { database: process.argv[2] }, optimization: { synchronous: 'OFF', busyTimeout: 60000 } }
      await using db = new NOORMME(config)
      await db.initialize()
      console.log('ready')
      await new Promise((resolve) => process.stdin.once('data', resolve))
      let refused = 0
      const count = (error) => { refused++; console.error(error.code) }
      const steps = async () => {
        for (let step = 0; step < 50; step++) {
          await db.transaction(async (tx) => {
            const { rows } = await tx.execute('SELECT n FROM counter')
            await tx.execute('UPDATE counter SET n = ?', [rows[0].n + 1])
          }).catch(count)
        }
      }
      const rows = Array.from({ length: ${ROWS} }, (_, n) =>
        db.execute('INSERT INTO t VALUES (?, ?)', [${number}, n]).catch(count))
      await Promise.all([steps(), ...rows])
      console.log(refused)
      process.stdin.destroy()`,
      [path],
    ),
  )
  for (const program of programs) expect(await program.line()).toBe('ready')
  for (const program of programs) program.child.stdin?.write('go\n')
  for (const program of programs) expect(await program.line()).toBe('0')
  for (const program of programs) expect(await program.ended).toMatchObject({ code: 0, stderr: '' })

  const { rows } = await db.execute('SELECT process, count(DISTINCT n) AS n FROM t GROUP BY process ORDER BY process')
  expect(rows).toEqual(Array.from({ length: PROCESSES }, (_, number) => ({ process: number, n: ROWS })))
  expect((await db.execute('SELECT n FROM counter')).rows).toEqual([{ n: PROCESSES * 50 }])
})
