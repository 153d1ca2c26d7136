import { expect, test } from 'vitest'
import { openConnection, thrownBy } from '../../test/support/open-connection.ts'
import { openInterrupter } from './native.ts'
import { findNativeBinary } from './native-binary.ts'

const native = findNativeBinary()
const isBuilt = native.file !== null
const ENDLESS = 'WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c) SELECT count(*) FROM c'
const INTERRUPTED = { sqliteCode: 'SQLITE_INTERRUPT' }
const REFUSED = { message: expect.stringContaining('not authorized') }

test.skipIf(!isBuilt)('a connection can be named for interrupting as long as it is open', async () => {
  const connection = await openConnection({ native })
  const id = connection.native?.id ?? 0

  expect(openInterrupter(native)?.interrupt(id)).toBe(true)
  connection.close()
  expect(openInterrupter(native)?.interrupt(id)).toBe(false)
  for (const nobody of [0, -1, 0.5, Number.NaN, 2 ** 60, 'x' as never]) {
    expect(openInterrupter(native)?.interrupt(nobody)).toBe(false)
  }
})

test('without a binary the connection works and the reason is told', async () => {
  const connection = await openConnection({ native: findNativeBinary('vax-unknown') })

  expect(connection.native).toBeNull()
  expect(connection.nativeFacts).toMatchObject({ id: null, reason: expect.stringContaining('vax-unknown') })
  expect(connection.objects('SELECT 1 AS one', [])).toEqual([{ one: 1 }])
  expect(openInterrupter(findNativeBinary('vax-unknown'))).toBeNull()
})

test('a binary that cannot be loaded is left out, and the reason is told', async () => {
  const file = import.meta.filename
  const connection = await openConnection({ native: { file, reason: null } })

  expect(connection.nativeFacts).toMatchObject({ id: null, reason: expect.stringContaining(file) })
  expect(openInterrupter({ file, reason: null })).toBeNull()
})

test('in a bundle, which leaves the binary behind, the reason is told', () => {
  for (const module of [undefined, '', 'https://example.org/app.js']) {
    expect(findNativeBinary('linux-x64', module ?? '')).toMatchObject({
      file: null,
      reason: expect.stringContaining('bundled'),
    })
  }
})

test.skipIf(!isBuilt)('user SQL cannot call it, whatever it guesses, and learns nothing', async () => {
  const connection = await openConnection({ native })
  const secrets = [
    "x'00112233445566778899aabbccddeeff'",
    'zeroblob(16)',
    'zeroblob(0)',
    "''",
    'NULL',
    '16',
    'randomblob(16)',
  ]
  for (const secret of secrets) {
    for (const operation of ["'claim'", "'plans'", "'counters'", "'watch'", "'lookout'", "'nothing'", 'NULL']) {
      const sql = `SELECT noormme_native(${secret}, ${operation}, 1)`
      expect(thrownBy(() => connection.objects(sql, []))).toMatchObject(REFUSED)
    }
  }
  expect(connection.native?.stablePlans).toBe(false)
})

test.skipIf(!isBuilt)('views, triggers and the schema cannot call it', async () => {
  const connection = await openConnection({ native })
  const call = "noormme_native(zeroblob(16), 'claim', 1)"
  connection.control('CREATE TABLE t (a)')
  connection.control(`CREATE VIEW v AS SELECT ${call} AS x`)
  connection.control(`CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT ${call}; END`)

  const unsafe = { message: expect.stringContaining('unsafe use of noormme_native()') }
  expect(thrownBy(() => connection.objects('SELECT * FROM v', []))).toMatchObject(unsafe)
  expect(thrownBy(() => connection.write('INSERT INTO t VALUES (1)', []))).toMatchObject(unsafe)
  expect(thrownBy(() => connection.control(`CREATE INDEX i ON t (${call})`))).toBeInstanceOf(Error)
  expect(thrownBy(() => connection.control(`CREATE TABLE u (a, b AS (${call}))`))).toMatchObject(unsafe)
  connection.control(`CREATE TABLE w (a DEFAULT (${call}))`)
  expect(thrownBy(() => connection.write('INSERT INTO w DEFAULT VALUES', []))).toMatchObject(unsafe)
})

test.skipIf(!isBuilt)('the watchdog interrupts what outlasts its limit, and not what comes after', async () => {
  const connection = await openConnection({ native })
  const watch = connection.native?.watch(30)
  connection.objects('SELECT 1', [])

  for (let round = 0; round < 3; round++) {
    watch?.begin()
    expect(thrownBy(() => connection.objects(ENDLESS, []))).toMatchObject(INTERRUPTED)
    expect(watch?.end()).toBe(true)

    watch?.begin()
    expect(connection.objects('SELECT 1 AS one', [])).toEqual([{ one: 1 }])
    expect(watch?.end()).toBe(false)
  }
})

test.skipIf(!isBuilt)('what is not marked is not watched, and an ended watch watches nothing', async () => {
  const connection = await openConnection({ native })
  const watch = connection.native?.watch(1)
  const long =
    'WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c LIMIT 300000) SELECT count(*) AS n FROM c'

  expect(connection.objects(long, [])).toEqual([{ n: 300_000 }])
  expect(connection.native?.watch(null)).toBeNull()
  watch?.begin()
  expect(connection.objects(long, [])).toEqual([{ n: 300_000 }])
  expect(watch?.end()).toBe(false)
})

test.skipIf(!isBuilt)('page hits and misses are the pages that SQLite reads', async () => {
  const connection = await openConnection({ native })
  connection.control('CREATE TABLE t (id INTEGER PRIMARY KEY, text)')
  connection.write(
    'WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c LIMIT 200) INSERT INTO t SELECT i, hex(zeroblob(1500)) FROM c',
    [],
  )
  const [{ leaves, inner } = { leaves: 0, inner: 0 }] = connection.objects(
    "SELECT sum(pagetype = 'leaf') AS leaves, sum(pagetype = 'internal') AS inner FROM dbstat WHERE name = 't'",
    [],
  ) as { leaves: number; inner: number }[]
  const reader = await openConnection({ path: connection.path, role: 'reader', native, settings: { cacheSize: -8000 } })
  const scan = () => reader.objects('SELECT count(text || id) AS n FROM t', [])
  scan()
  const after = reader.native?.counters()

  scan()

  expect(leaves).toBeGreaterThan(100)
  const again = reader.native?.counters()
  expect(again?.misses).toBe(after?.misses)
  // The schema's page is looked at as well, to see whether it is still the same.
  const hits = (again?.hits ?? 0) - (after?.hits ?? 0)
  expect(hits - leaves - inner).toBeGreaterThanOrEqual(0)
  expect(hits - leaves - inner).toBeLessThanOrEqual(2)
  expect(after?.misses).toBeGreaterThanOrEqual(leaves + inner)
})

test.skipIf(!isBuilt)(
  'a look-out sees the commits of others and the restart of the log, and nothing else',
  async () => {
    const connection = await openConnection({ native })
    connection.control('CREATE TABLE t (a)')
    const other = await openConnection({ path: connection.path, native })
    const lookout = connection.native?.lookout()
    const looks = () => [lookout?.changed(), lookout?.changed()]

    expect(looks()).toEqual([true, false])
    other.control('INSERT INTO t VALUES (1)')
    expect(looks()).toEqual([true, false])
    other.control('BEGIN IMMEDIATE')
    other.control('INSERT INTO t VALUES (2)')
    expect(looks()).toEqual([false, false])
    other.control('ROLLBACK')
    expect(looks()).toEqual([false, false])
    other.pragma('wal_checkpoint(TRUNCATE)')
    expect(looks()).toEqual([true, false])
  },
)

test.skipIf(!isBuilt)('a look-out of a closed connection says yes, and disturbs nobody else’s', async () => {
  const first = await openConnection({ native })
  const late = first.native?.lookout()
  first.close()
  const second = await openConnection({ native })
  second.control('CREATE TABLE t (a)')
  const lookout = second.native?.lookout()
  lookout?.changed()
  second.control('INSERT INTO t VALUES (1)')

  expect([late?.changed(), late?.changed(), lookout?.changed(), lookout?.changed()]).toEqual([true, true, true, false])
})

test.skipIf(!isBuilt)('there is no look-out for a database without a log', async () => {
  const connection = await openConnection({ path: ':memory:', native })
  expect(connection.native?.lookout()).toBeNull()
})
