/** The promise "clean exit": what is idle ends by itself, what is under way is finished, signals are the program's own. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ENDLESS, hasNative } from '../support/native.ts'
import { runProgram } from '../support/run-program.ts'
import { tempFolder } from '../support/temp-folder.ts'

const USED = `
import { NOORMME } from 'noormme/index.ts'
const db = new NOORMME(process.argv[2])
const listeners = () => process.eventNames().filter((name) => String(name).startsWith('SIG')).length
await db.execute('CREATE TABLE t (id INTEGER PRIMARY KEY, v)')
await db.refreshSchema()
await db.getRepository('t').createMany(Array.from({ length: 500 }, (_, v) => ({ v })))
await Promise.all(Array.from({ length: 8 }, () => db.getRepository('t').findAll()))
await db.snapshot((snapshot) => snapshot.execute('SELECT count(*) FROM t'))
`

test('a process ends by itself although nobody closed its database, with no signal handler of ours in it', async () => {
  const folder = tempFolder()
  const program = runProgram(folder, `${USED} console.log(listeners())`, [join(folder, 'app.db')])
  expect(await program.line()).toBe('0')
  expect(await program.ended).toEqual({ code: 0, signal: null, stderr: '' })
})

test('work that nobody awaits is finished before the process ends: a write, a transaction, a read, and close() itself', async () => {
  const folder = tempFolder()
  const program = runProgram(
    folder,
    `${USED}
    const say = (text) => () => console.log(text)
    void db.execute('INSERT INTO t (v) VALUES (1)').then(say('written'))
    void db.transaction((tx) => tx.execute('INSERT INTO t (v) VALUES (2)')).then(say('committed'))
    void db.execute('SELECT count(*) FROM t').then(say('read'))
    setImmediate(() => void db.close().then(say('closed')))`,
    [join(folder, 'app.db')],
  )
  const lines: string[] = []
  while (lines.length < 4) lines.push(await program.line())
  expect(lines.toSorted()).toEqual(['closed', 'committed', 'read', 'written'])
  expect(lines.at(-1)).toBe('closed')
  expect(await program.ended).toEqual({ code: 0, signal: null, stderr: '' })
  expect(readdirSync(folder).filter((name) => name.startsWith('app.db'))).toEqual(['app.db'])
})

test.skipIf(!hasNative)(
  'close() does not wait for queries that never end: each is stopped, and one file is left',
  async () => {
    const folder = tempFolder()
    const program = runProgram(
      folder,
      `process.env.NOORMME_NATIVE = '1'
    ${USED}
    const say = (what) => (error) => console.log(what, error.code)
    void db.execute(${JSON.stringify(ENDLESS)}).catch(say('read'))
    void db.snapshot((snapshot) => snapshot.execute(${JSON.stringify(ENDLESS)})).catch(say('snapshot'))
    void db.execute(${JSON.stringify(`INSERT INTO t (v) ${ENDLESS}`)}).catch(say('write'))
    setImmediate(() => void db.close().then(() => console.log('closed')))`,
      [join(folder, 'app.db')],
    )
    const lines: string[] = []
    while (lines.length < 4) lines.push(await program.line())
    expect(lines.toSorted()).toEqual([
      'closed',
      'read NOORMME_CLOSED',
      'snapshot NOORMME_CLOSED',
      'write NOORMME_CLOSED',
    ])
    expect(lines.at(-1)).toBe('closed')
    expect(await program.ended).toEqual({ code: 0, signal: null, stderr: '' })
    expect(readdirSync(folder).filter((name) => name.startsWith('app.db'))).toEqual(['app.db'])
  },
)
