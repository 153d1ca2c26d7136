/** How a file is, as far as that shows from outside. Pure: facts in, checks out. */
import { checkAnswering, checkDisk, WAL_WARN_BYTES } from '../../health/checks.ts'
import { NOTHING_KNOWN } from '../../health/gather-health-facts.ts'
import type { DiskSpace, HealthCheck, HealthFacts, Observed } from '../../health/types.ts'
import type { HealthNow } from '../protocol.ts'
import type { Glance } from './glance.ts'

export interface FileHealthFacts {
  readonly now: Date
  readonly glance: Pick<Glance, 'sizeBytes' | 'walBytes'>
  readonly answer: Observed<null>
  readonly disk: Observed<DiskSpace>
}

const MIB = 2 ** 20

export function assessFile(facts: FileHealthFacts): HealthNow {
  const { now, answer, disk } = facts
  const known: HealthFacts = {
    ...NOTHING_KNOWN,
    now,
    answer,
    disk,
    settings: { enableWALMode: true, enableForeignKeys: true },
    stats: { ms: 0, value: null },
    descriptors: null,
  }
  const checks = [checkAnswering(known), checkLog(facts), checkDisk(known), checkPlace(facts)]
  const status = checks.some((check) => check.status === 'fail')
    ? 'unhealthy'
    : checks.some((check) => check.status === 'warn')
      ? 'degraded'
      : 'healthy'
  return { status, checks, at: now.toISOString() }
}

function checkLog({ glance: { walBytes } }: FileHealthFacts): HealthCheck {
  if (walBytes === null) return { name: 'wal', status: 'pass', detail: 'there is no log', duration: 0 }
  const isLarge = walBytes > WAL_WARN_BYTES
  const detail = `the log has ${(walBytes / MIB).toFixed(1)} MiB`
  const why = `${detail}: a reader or a transaction that stays open keeps it from starting again`
  return { name: 'wal', status: isLarge ? 'warn' : 'pass', detail: isLarge ? why : detail, duration: 0 }
}

function checkPlace({ glance: { sizeBytes } }: FileHealthFacts): HealthCheck {
  return sizeBytes === null
    ? { name: 'file', status: 'fail', detail: 'the file is gone', duration: 0 }
    : { name: 'file', status: 'pass', detail: 'the file is in its place', duration: 0 }
}
