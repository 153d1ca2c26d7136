/** The judge of histories is itself judged by histories whose verdict is known. */
import { expect, test } from 'vitest'
import { anomaliesOf, listRead, type Recorded } from './list-append.ts'

const did = (client: string, reads: Recorded['reads'], appends: Recorded['appends'] = []): Recorded => ({
  client,
  outcome: 'ok',
  reads,
  appends,
})
const append = (list: number, value: number) => ({ list, value })

test('a history that some order explains is clean, values that nobody was told of included', () => {
  const history = [
    did('a', [listRead(1, [])], [append(1, 10)]),
    did('b', [listRead(1, [10]), listRead(2, [])], [append(2, 20)]),
    did('a', [listRead(1, [10, 11]), listRead(2, [20])]),
  ]
  expect(
    anomaliesOf(
      history,
      new Map([
        [1, [10, 11]],
        [2, [20]],
      ]),
    ),
  ).toEqual([])
})

test('an acknowledged value that is gone, an undone one that is there, a value twice and a read out of order are named', () => {
  const history: Recorded[] = [
    did('a', [], [append(1, 10)]),
    { ...did('b', [], [append(1, 11)]), outcome: 'aborted' },
    did('c', [listRead(1, [12, 11])]),
  ]
  const found = anomaliesOf(history, new Map([[1, [11, 12, 12]]])).join('\n')
  expect(found).toContain('a was told of 10 in list 1, and it is gone')
  expect(found).toContain('b undid 11 in list 1, and it is there')
  expect(found).toContain('list 1 has a value twice')
  expect(found).toContain('c read 2 values of list 1 that are not its beginning')
})

test('a write skew is a cycle: each of two has read what the other had not written yet', () => {
  const history = [
    did('a', [listRead(1, []), listRead(2, [])], [append(1, 10)]),
    did('b', [listRead(1, []), listRead(2, [])], [append(2, 20)]),
  ]
  expect(
    anomaliesOf(
      history,
      new Map([
        [1, [10]],
        [2, [20]],
      ]),
    ),
  ).toHaveLength(2)
})

test('a read of half a transaction is a cycle', () => {
  const history = [did('a', [], [append(1, 10), append(2, 20)]), did('b', [listRead(1, [10]), listRead(2, [])])]
  expect(
    anomaliesOf(
      history,
      new Map([
        [1, [10]],
        [2, [20]],
      ]),
    ),
  ).toHaveLength(2)
})

test('a client that is sent back in time is a cycle', () => {
  const history = [did('a', [], [append(1, 10)]), did('a', [listRead(1, [])])]
  expect(anomaliesOf(history, new Map([[1, [10]]]))).toHaveLength(2)
})
