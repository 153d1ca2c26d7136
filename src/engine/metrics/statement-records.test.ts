import { expect, test } from 'vitest'
import { EngineRecord } from './engine-record.ts'
import { MOST_SHAPES, StatementRecords, shapeOf } from './statement-records.ts'

const run = (record: EngineRecord, sql: string): void =>
  record.answered({ sql, rows: 1, changes: 0, duration: 1, running: 1 })

test('texts that differ in their values are one statement', () => {
  const records = new StatementRecords()
  const one = records.of('SELECT * FROM t WHERE id = 1')
  expect(records.of("select * from t where id = 'x'")).not.toBe(one)
  expect(records.of('SELECT *\n  FROM t WHERE id = 22 -- again')).toBe(one)
  expect(records.of('SELECT * FROM t WHERE id = ?')).toBe(one)
  expect(one.text).toBe('SELECT * FROM t WHERE id = ?')
})

test('an id is the same in every process', () => {
  expect(new StatementRecords().of('SELECT 1').id).toBe('66cbb3a40d4b')
})

test('a hundred thousand different statements take the room of five hundred, and none of their calls is lost', () => {
  const record = new EngineRecord()
  for (let n = 0; n < 100_000; n++) {
    run(record, `SELECT * FROM t${n}`)
    // Used all the time, so never the one used least recently.
    run(record, 'SELECT 1')
  }
  const all = record.statements.top(MOST_SHAPES + 1)
  expect(record.statements.size).toBeLessThanOrEqual(MOST_SHAPES)
  expect(all.length).toBe(record.statements.size)
  expect(all.reduce((sum, { calls }) => sum + calls, 0)).toBe(200_000)
  expect(record.statements.byId('other')?.calls).toBeGreaterThan(99_000)
  expect(record.statements.of('SELECT 1').calls).toBe(100_000)
  expect(record.durations('read').count).toBe(200_000)
})

test('a text that was counted with others before is counted by itself from then on', () => {
  const record = new EngineRecord()
  run(record, 'SELECT * FROM first')
  for (let n = 1; n <= MOST_SHAPES; n++) run(record, `SELECT * FROM t${n}`)
  expect(record.statements.byId('other')?.calls).toBe(50)
  run(record, 'SELECT * FROM first')
  expect(record.statements.of('SELECT * FROM first').calls).toBe(1)
})

test('the shape of a long text is that of its beginning, and its text is not kept', () => {
  const rows = (count: number) => `INSERT INTO t VALUES ${new Array(count).fill('(?, ?)').join(', ')}`
  expect(shapeOf(rows(10_000))).toBe(shapeOf(rows(20_000)))
  expect(shapeOf(rows(10_000)).length).toBeLessThan(100)
  expect(new StatementRecords().of(rows(10_000)).sample).toBeNull()
})
