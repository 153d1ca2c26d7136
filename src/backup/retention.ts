/** Which backups are kept: facts in, decision out. Days and weeks are those of UTC; weeks begin on Monday. */

export interface Retention {
  /** The newest so many. */
  readonly keepLast: number
  /** The newest of each of the last so many days that have one. */
  readonly keepDaily: number
  /** The newest of each of the last so many weeks that have one. */
  readonly keepWeekly: number
}

export interface Kept {
  readonly id: string
  readonly createdAt: Date
  /** Whether it was whole when it was checked last. One that is not takes nobody's place. */
  readonly ok: boolean
}

const DAY_MS = 86_400_000
/** 1 January 1970 was a Thursday. */
const FIRST_MONDAY_MS = 4 * DAY_MS

/** The ids that are removed. The newest that is whole always stays; where none is whole, all stay. */
export function toRemove(backups: readonly Kept[], { keepLast, keepDaily, keepWeekly }: Retention): string[] {
  const whole = backups.filter(({ ok }) => ok).sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime())
  if (whole.length === 0) return []
  const days = newestOfEach(whole, ({ createdAt }) => Math.floor(createdAt.getTime() / DAY_MS))
  const weeks = newestOfEach(whole, ({ createdAt }) =>
    Math.floor((createdAt.getTime() - FIRST_MONDAY_MS) / (7 * DAY_MS)),
  )
  const kept = new Set(
    [...whole.slice(0, Math.max(1, keepLast)), ...days.slice(0, keepDaily), ...weeks.slice(0, keepWeekly)].map(
      ({ id }) => id,
    ),
  )
  return backups.map(({ id }) => id).filter((id) => !kept.has(id))
}

/** Of backups from the newest to the oldest, the first of each period. */
function newestOfEach(backups: readonly Kept[], periodOf: (backup: Kept) => number): Kept[] {
  return backups.filter((backup, index) => {
    const before = backups[index - 1]
    return before === undefined || periodOf(before) !== periodOf(backup)
  })
}
