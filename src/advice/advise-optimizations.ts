/** From facts to recommendations: pure. Everything said rests on a fact that was read, and stands in the evidence. */
import { currentSettings, describeApplied } from './applied-optimizations.ts'
import { adviseForeignKeyIndexes } from './foreign-key-index.ts'
import { adviseRedundantIndexes } from './redundant-index.ts'
import { adviseSettings } from './settings-advice.ts'
import { adviseStorage } from './storage-advice.ts'
import type { AdviceFacts, SettingsAdvice, SettingsNow, Severity, SQLiteOptimizations } from './types.ts'

const SEVERITIES: readonly Severity[] = ['info', 'low', 'medium', 'high']

/**
 * Says what the connections have, what could be better and why. It changes nothing: each recommendation carries the SQL
 * or the configuration that would.
 *
 * @example
 * const { recommendations } = adviseOptimizations(facts)
 * for (const { title, sql } of recommendations) report(title, sql)
 */
export function adviseOptimizations(facts: AdviceFacts): SQLiteOptimizations {
  const settings = adviseSettings(facts)
  const recommendations = [
    ...settings.map(({ recommendation }) => recommendation),
    ...adviseForeignKeyIndexes(facts),
    ...adviseRedundantIndexes(facts),
    ...adviseStorage(facts),
  ].sort((a, b) => rank(b.severity) - rank(a.severity))

  const gravest = recommendations[0]?.severity ?? 'info'
  return {
    appliedOptimizations: describeApplied(facts.stats.connections),
    recommendations,
    warnings: settings.flatMap(({ warning }) => warning ?? []),
    performanceImpact: gravest === 'info' ? 'none' : gravest,
    currentSettings: currentSettings(facts.stats.connections),
    suggestedSettings: mergeSettings(settings),
  }
}

function mergeSettings(advice: readonly SettingsAdvice[]): Partial<SettingsNow> {
  let merged: Partial<SettingsNow> = {}
  for (const { suggested } of advice) merged = { ...merged, ...suggested }
  return merged
}

function rank(severity: Severity): number {
  return SEVERITIES.indexOf(severity)
}
