/** Routing as the engine does it: one text whose run time is a matter of its parameter. */
import { expect, test } from 'vitest'
import { openTestEngine, rowsOf } from '../../../test/support/open-engine.ts'

const COUNT_TO = `WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?)
  SELECT count(*) AS n FROM number`
/** Some hundred milliseconds. */
const LONG = 3_000_000
/** More runs than a text has to prove itself with. */
const MANY = 120

test('a text that was always short and then runs long is inline once, and afterwards on a thread', async () => {
  // A budget that no hiccup of a busy machine spends, and that the long run exceeds a hundredfold.
  const { engine } = await openTestEngine('wal', { inlineReadBudgetMs: 5 })
  const run = (to: number) => rowsOf(engine, COUNT_TO, to)
  const inline = () => engine.stats().counters.readsInline
  const threaded = () => engine.stats().counters.readsThreaded
  for (let n = 0; n < MANY * 10 && inline() === 0; n++) await run(1)
  expect(inline()).toBe(1)

  const before = inline()
  await run(LONG)
  expect(inline() - before).toBeLessThanOrEqual(1)

  const afterwards = { inline: inline(), threaded: threaded() }
  for (let n = 0; n < MANY; n++) await run(1)
  await run(LONG)
  expect({ inline: inline(), threaded: threaded() }).toEqual({
    inline: afterwards.inline,
    threaded: afterwards.threaded + MANY + 1,
  })
})

test('a text that ran long on a thread among its first runs does not become inline before it is forgotten', async () => {
  const { engine } = await openTestEngine('wal', { inlineReadBudgetMs: 5 })
  await rowsOf(engine, COUNT_TO, LONG)
  for (let n = 0; n < 49; n++) await rowsOf(engine, COUNT_TO, 1)
  expect(engine.stats().counters).toMatchObject({ readsInline: 0, readsThreaded: 50 })
})
