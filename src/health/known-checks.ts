/** The checks of what is known without asking: the event loop, the last check of the file, backups, the schema. */
import type { HealthCheck, HealthCheckName, HealthFacts } from './types.ts'

/** Milliseconds: whoever waits for an answer notices. */
export const LOOP_DELAY_WARN_MS = 100

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

const round = (ms: number): number => Math.round(ms * 10) / 10

function ago(ms: number): string {
  if (ms < 60_000) return `${Math.max(0, Math.round(ms / 1_000))} s ago`
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min ago`
  return ms < 172_800_000 ? `${Math.round(ms / 3_600_000)} h ago` : `${Math.round(ms / 86_400_000)} days ago`
}
