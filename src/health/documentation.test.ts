import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { backticked, tableRows } from '../../scripts/lib/markdown.ts'
import {
  ANSWER_LIMIT_MS,
  DISK_FAIL_BYTES,
  DISK_WARN_BYTES,
  DISK_WARN_SHARE,
  QUEUE_AGE_FAIL_MS,
  QUEUE_AGE_WARN_MS,
  SLOW_ANSWER_MS,
  WAL_WARN_BYTES,
} from './checks.ts'
import { ARCHIVE_AGE_WARN_MS, ARCHIVE_WARN_SHARE, LOOP_DELAY_WARN_MS } from './known-checks.ts'
import { HEALTH_CHECKS, type HealthCheckName } from './types.ts'

const rows = async () =>
  tableRows(await readFile(new URL('../../docs/health.md', import.meta.url), 'utf8')).filter(
    ([cell]) => backticked(cell).length > 0,
  )

const ms = (value: number): string => `${value.toLocaleString('en')} ms`
const mib = (value: number): string => `${(value / 2 ** 20).toLocaleString('en')} MiB`

test('docs/health.md describes exactly the checks that there are, in their order', async () => {
  expect((await rows()).flatMap(([name]) => backticked(name))).toEqual([...HEALTH_CHECKS])
})

test.each<[HealthCheckName, readonly string[], readonly string[]]>([
  ['answering', [ms(SLOW_ANSWER_MS)], [ms(ANSWER_LIMIT_MS)]],
  ['writer', [ms(QUEUE_AGE_WARN_MS)], [ms(QUEUE_AGE_FAIL_MS)]],
  ['loop', [ms(LOOP_DELAY_WARN_MS)], []],
  ['archive', [ms(ARCHIVE_AGE_WARN_MS), `${ARCHIVE_WARN_SHARE * 100} %`], []],
  ['wal', [mib(WAL_WARN_BYTES)], []],
  ['disk', [mib(DISK_WARN_BYTES), `${DISK_WARN_SHARE * 100} %`], [mib(DISK_FAIL_BYTES)]],
])('docs/health.md tells the thresholds of %s', async (name, warn, fail) => {
  const row = (await rows()).find(([cell]) => backticked(cell)[0] === name)

  for (const value of warn) expect(row?.[2]).toContain(value)
  for (const value of fail) expect(row?.[3]).toContain(value)
})
