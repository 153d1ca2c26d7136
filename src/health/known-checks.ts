/** The checks of what is known without asking: the event loop, the last check of the file, backups, the schema. */
import type { HealthCheck, HealthCheckName, HealthFacts } from './types.ts'

/** Milliseconds: whoever waits for an answer notices. */
export const LOOP_DELAY_WARN_MS = 100

/** Milliseconds: a segment of 4 MiB has been stored by then, however slow the line. */
export const ARCHIVE_AGE_WARN_MS = 60_000
/** Share of what may wait for the store; beyond all of it archiving ends. */
export const ARCHIVE_WARN_SHARE = 0.5

/** The event loop takes up what comes in without much delay. */
export function checkLoop({ loop }: HealthFacts): HealthCheck {
  if (loop === null) return report('loop', 'pass', 'not measured for long enough yet')
  const { typicalMaxMs, maxMs } = loop
  const detail = `in the last ten seconds typically held up for ${round(typicalMaxMs)} ms, at most for ${round(maxMs)} ms`
  return report('loop', typicalMaxMs > LOOP_DELAY_WARN_MS ? 'warn' : 'pass', detail)
}

/** The last `integrityCheck()` found nothing. */
export function checkFileIntegrity({ integrity, now }: HealthFacts): HealthCheck {
  if (integrity === null) return report('integrity', 'pass', 'not checked since it was opened: integrityCheck()')
  const when = `${integrity.quick ? 'quick check' : 'check'} of ${ago(now.getTime() - integrity.at.getTime())}`
  if (integrity.problems.length === 0) return report('integrity', 'pass', `the ${when} found nothing`)
  const [first, ...others] = integrity.problems
  const more = others.length === 0 ? '' : `, and ${others.length} more`
  return report('integrity', 'fail', `the ${when} found: ${first}${more}`)
}

/** There is a verified backup that is not too old. */
export function checkBackup({ backup, now }: HealthFacts): HealthCheck {
  if (backup === null) return report('backup', 'pass', 'not configured')
  const { lastVerifiedAt, maxAgeMs, error } = backup
  if (error !== null) return report('backup', 'warn', error)
  if (lastVerifiedAt === null) return report('backup', 'warn', 'there is no verified backup yet')
  const ageMs = now.getTime() - lastVerifiedAt.getTime()
  return report('backup', ageMs > maxAgeMs ? 'warn' : 'pass', `the last one was verified ${ago(ageMs)}`)
}

/**
 * What is committed can be restored to, and is stored soon. It never fails: the database serves, and a store that is down is to take
 * nobody out of service.
 */
export function checkArchive({ backup }: HealthFacts): HealthCheck {
  const archive = backup?.archive ?? null
  if (archive === null) return report('archive', 'pass', 'not configured')
  const { archiving, endedBecause, elsewhere, error, backlogBytes, maxBacklogBytes, oldestMs } = archive
  if (elsewhere !== null) return report('archive', 'pass', `${elsewhere} archives this database`)
  const age = oldestMs === null ? '' : `, the oldest for ${Math.round(oldestMs / 1_000)} s`
  const waiting = `${mib(backlogBytes)} wait to be stored${age} (limit ${mib(maxBacklogBytes)})`
  if (endedBecause !== null) return report('archive', 'warn', `nothing is archived: ${endedBecause}; ${waiting}`)
  if (!archiving) return report('archive', 'warn', 'nothing is archived until there is a backup to begin with')
  if (error !== null) return report('archive', 'warn', `what is committed is not stored: ${waiting}: ${error}`)
  const isLate = (oldestMs ?? 0) > ARCHIVE_AGE_WARN_MS || backlogBytes > maxBacklogBytes * ARCHIVE_WARN_SHARE
  return report('archive', isLate ? 'warn' : 'pass', waiting)
}

/** The database has the tables and columns that the generated types say. */
export function checkSchema({ drift }: HealthFacts): HealthCheck {
  if (drift === null) return report('schema', 'pass', 'there are no generated types to compare with')
  const [first, ...others] = drift
  if (first === undefined) return report('schema', 'pass', 'as in the generated types')
  return report('schema', 'warn', others.length === 0 ? first : `${first}, and ${others.length} more differences`)
}

function report(name: HealthCheckName, status: HealthCheck['status'], detail: string): HealthCheck {
  return { name, status, detail, duration: 0 }
}

const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`

const round = (ms: number): number => Math.round(ms * 10) / 10

function ago(ms: number): string {
  if (ms < 60_000) return `${Math.max(0, Math.round(ms / 1_000))} s ago`
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min ago`
  return ms < 172_800_000 ? `${Math.round(ms / 3_600_000)} h ago` : `${Math.round(ms / 86_400_000)} days ago`
}
