import { expect, test } from 'vitest'
import { type ArchivedSnapshot, basesFor, neededFrom, neededSnapshots, type StoredStream, windowsOf } from './plan.ts'

const at = (hour: number): Date => new Date(Date.UTC(2026, 10, 26, hour))

const snapshot = (id: string, hour: number, stream: string | null, from = 0, to = from): ArchivedSnapshot => ({
  id,
  createdAt: at(hour),
  archive: stream === null ? null : { stream, from, to },
})

const SNAPSHOTS = [
  snapshot('one', 1, 'a', 0, 2),
  snapshot('two', 5, 'a', 50, 52),
  snapshot('alone', 7, null),
  snapshot('three', 9, 'b', 100, 100),
]
const STREAMS: readonly StoredStream[] = [
  { stream: 'a', firstCommit: 1, lastCommit: 80, lastTime: at(6) },
  { stream: 'b', firstCommit: 101, lastCommit: 120, lastTime: at(10) },
]
const idsOf = (snapshots: readonly ArchivedSnapshot[]): string[] => snapshots.map(({ id }) => id)

test('a point is reached from the newest snapshot before it, or from an older one of the same stream', () => {
  expect(idsOf(basesFor(SNAPSHOTS, 'newest'))).toEqual(['three'])
  expect(idsOf(basesFor(SNAPSHOTS, 60))).toEqual(['two', 'one'])
  expect(idsOf(basesFor(SNAPSHOTS, 51))).toEqual(['one'])
  expect(idsOf(basesFor(SNAPSHOTS, at(6)))).toEqual(['two', 'one'])
  expect(idsOf(basesFor(SNAPSHOTS, at(8)))).toEqual(['alone'])
  expect(idsOf(basesFor(SNAPSHOTS.slice(0, 3), 'newest', STREAMS))).toEqual(['alone'])
  const goesOn = [{ stream: 'a', lastTime: at(8) }]
  expect(idsOf(basesFor(SNAPSHOTS.slice(0, 3), 'newest', goesOn))).toEqual(['two', 'one'])
  expect(idsOf(basesFor(SNAPSHOTS, at(0)))).toEqual([])
  expect(idsOf(basesFor(SNAPSHOTS, 1))).toEqual([])
})

test('a window begins with the first snapshot that the segments follow, and ends with the last of them', () => {
  expect(windowsOf(SNAPSHOTS, STREAMS)).toEqual([
    { stream: 'a', from: { commit: 2, time: at(1) }, to: { commit: 80, time: at(6) } },
    { stream: 'b', from: { commit: 100, time: at(9) }, to: { commit: 120, time: at(10) } },
  ])
  const pruned = STREAMS.map((stream) => ({ ...stream, firstCommit: stream.firstCommit + 40 }))
  expect(windowsOf(SNAPSHOTS, pruned)).toMatchObject([{ stream: 'a', from: { commit: 52 } }])
})

test('what leads to a point of the window is kept, of snapshots and of segments', () => {
  expect([...neededSnapshots(SNAPSHOTS, STREAMS, at(2))]).toEqual(['one', 'three'])
  expect([...neededSnapshots(SNAPSHOTS, STREAMS, at(6))]).toEqual(['two', 'three'])
  expect([...neededSnapshots(SNAPSHOTS, STREAMS, at(8))]).toEqual(['three'])

  const [a, b] = STREAMS as [StoredStream, StoredStream]
  expect(neededFrom(SNAPSHOTS, a, at(2))).toBe(1)
  expect(neededFrom(SNAPSHOTS, a, at(6))).toBe(51)
  expect(neededFrom(SNAPSHOTS, a, at(8))).toBeNull()
  expect(neededFrom(SNAPSHOTS, b, at(2))).toBe(101)
  expect(neededFrom(SNAPSHOTS.slice(0, 3), b, at(2))).toBeNull()
})

test('a database that nothing was written to for longer than the window keeps what leads to its state', () => {
  const [, b] = STREAMS as [StoredStream, StoredStream]
  expect([...neededSnapshots(SNAPSHOTS, STREAMS, at(20))]).toEqual(['three'])
  expect(neededFrom(SNAPSHOTS, b, at(20))).toBe(101)
})
