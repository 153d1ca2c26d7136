/** A write that finds the file full among 255 neighbours: SQLite rolls the whole transaction back, and they run again. */
import { expect, test } from 'vitest'
import { openConnection } from '../../../test/support/open-connection.ts'
import type { GroupItem, GroupItemOutcome } from '../thread/protocol.ts'
import { RunSlot } from '../thread/run-slot.ts'
import { FairTurns } from './fair-turns.ts'
import { commitGroup } from './group-commit.ts'

const NEIGHBOURS = 255
/** Enough for all neighbours, far from enough for the one that is too large. */
const PAGES_LEFT = 70

const insert = (v: string | number): GroupItem => ({
  atomic: false,
  statements: [{ sql: 'INSERT INTO t (v) VALUES (?) RETURNING id, v', parameters: [v] }],
})
const tooLarge: GroupItem = {
  atomic: false,
  statements: [{ sql: 'INSERT INTO t (v) VALUES (zeroblob(1000000))', parameters: [] }],
}

test.each([0, 128, NEIGHBOURS])(
  'it rejects alone at place %i, and the rows and ids of the others stand',
  async (place) => {
    const connection = await openConnection({ role: 'writer' })
    connection.write('CREATE TABLE t (id INTEGER PRIMARY KEY, v)', [])
    connection.pragma(`max_page_count = ${Number(connection.pragma('page_count')) + PAGES_LEFT}`)
    const context = { connection, turns: new FairTurns(), busyTimeout: 1000, slot: new RunSlot() }
    const items = Array.from({ length: NEIGHBOURS }, (_, v) => insert(v)).toSpliced(place, 0, tooLarge)

    const outcomes: GroupItemOutcome[] = []
    while (outcomes.length < items.length) {
      const group = commitGroup(context, items.slice(outcomes.length), { waitMs: 1000, firstRun: 1 })
      expect(group.broken).toBe(false)
      outcomes.push(...group.outcomes)
    }

    expect(outcomes.flatMap(({ error }, index) => (error ? [{ index, code: error.code }] : []))).toEqual([
      { index: place, code: 'NOORMME_DISK_FULL' },
    ])
    const told = outcomes.flatMap(({ results = [] }) => results.flatMap(({ rows }) => rows))
    expect(told).toHaveLength(NEIGHBOURS)
    expect(connection.arrays('SELECT id, v FROM t ORDER BY id', []).rows).toEqual(told)
    expect(outcomes.flatMap(({ results = [] }) => results.map(({ lastInsertRowid }) => lastInsertRowid))).toEqual(
      told.map(([id]) => id),
    )
  },
)
