import { expect, it } from 'vitest'
import type { ArchiveStatus } from '../backup/types.ts'
import { backupsNow } from './backups-now.ts'

const FROM = new Date('2026-05-01T00:00:00Z')
const LAST_COMMIT = new Date('2026-05-01T06:00:00Z')
const NOW = new Date('2026-05-01T12:00:00Z')
const NOTHING = { target: './kept', backups: [], running: null, next: null, error: null, archive: null }

const told = (archive: Partial<ArchiveStatus>) =>
  backupsNow(
    {
      ...NOTHING,
      archive: {
        archiving: true,
        window: { from: FROM, to: LAST_COMMIT },
        commit: 1,
        time: LAST_COMMIT,
        backlogBytes: 0,
        endedBecause: null,
        elsewhere: null,
        error: null,
        ...archive,
      },
    },
    NOW,
  )

it('reaches to now while nothing waits, and to the last commit that is stored while something does', () => {
  expect(told({})?.window).toEqual({ from: FROM.toISOString(), to: NOW.toISOString() })
  expect(told({ backlogBytes: 4096 })).toMatchObject({ window: { to: LAST_COMMIT.toISOString() }, backlogBytes: 4096 })
  expect(told({ error: new Error('the bucket is gone') })?.window?.to).toBe(LAST_COMMIT.toISOString())
})

it('says why nothing is archived, and has no window without an archive', () => {
  expect(told({ archiving: false, endedBecause: 'another program wrote' })?.error).toBe('another program wrote')
  expect(backupsNow(NOTHING, NOW)).toMatchObject({ window: null, error: null })
  expect(backupsNow({ ...NOTHING, target: null }, NOW)).toBeNull()
})
