/** From facts to a report: pure, so every state of a database can be told in a test. */
import { checkAnswering, checkCheckpoint, checkDisk, checkSettings, checkWal, checkWriter } from './checks.ts'
import { connectionStats } from './connection-stats.ts'
import { checkFile, checkLocks } from './file-checks.ts'
import { checkArchive, checkBackup, checkFileIntegrity, checkLoop, checkSchema } from './known-checks.ts'
import type { HealthFacts, HealthReport } from './types.ts'

const CHECKS = [
  checkAnswering,
  checkWriter,
  checkWal,
  checkCheckpoint,
  checkDisk,
  checkSettings,
  checkFile,
  checkLocks,
  checkLoop,
  checkFileIntegrity,
  checkBackup,
  checkArchive,
  checkSchema,
]

/**
 * Judges the facts. One failed check makes a database `unhealthy`, one warning `degraded`.
 *
 * @example
 * const { healthy, checks } = assessHealth(facts)
 */
export function assessHealth(facts: HealthFacts): HealthReport {
  const checks = CHECKS.map((check) => {
    const result = check(facts)
    return { ...result, duration: milliseconds(result.duration) }
  })

  const failed = checks.find(({ status }) => status === 'fail')
  const warned = checks.some(({ status }) => status === 'warn')
  const stats = 'value' in facts.stats ? facts.stats.value : null
  return {
    healthy: failed === undefined,
    status: failed !== undefined ? 'unhealthy' : warned ? 'degraded' : 'healthy',
    responseTime: milliseconds(facts.answer.ms),
    timestamp: facts.now.toISOString(),
    connectionPool: connectionStats(stats, { now: facts.now, initialized: stats !== null }),
    checks,
    ...(failed === undefined ? {} : { error: failed.detail }),
  }
}

/** To the microsecond: what comes after it is noise of the clock. */
function milliseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
