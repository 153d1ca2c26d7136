/** What a dashboard asks of a database: methods that every `NOORMME` has, whatever its tables. */
import type { SQLiteOptimizations } from '../advice/types.ts'
import type { Backups } from '../backup/backups.ts'
import type { HistoryName, MetricsHistory, PerformanceMetrics } from '../engine/metrics/types.ts'
import type { CallLimits, CheckpointOutcome, OptimizeResult } from '../engine/types.ts'
import type { ConnectionStats } from '../health/connection-stats.ts'
import type { HealthReport } from '../health/types.ts'
import type { SchemaChange } from '../schema/diff.ts'
import type { SchemaInfo } from '../schema/types.ts'
import type { CheckpointMode } from '../sqlite/checkpoint-types.ts'

export interface DashboardDatabase {
  isInitialized(): boolean
  detached<T>(fn: () => T): T
  healthCheck(): Promise<HealthReport>
  getConnectionStats(): Promise<ConnectionStats>
  getPerformanceMetrics(): Promise<PerformanceMetrics>
  getMetricsHistory(name: HistoryName): Promise<MetricsHistory>
  getStatementPlan(id: string): Promise<readonly string[] | null>
  getSQLiteOptimizations(): Promise<SQLiteOptimizations>
  getSchemaInfo(): Promise<SchemaInfo>
  execute(
    sql: string,
    parameters?: readonly unknown[],
    limits?: CallLimits,
  ): Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>
  onSchemaChange(listener: (changes: readonly SchemaChange[]) => unknown): () => void
  checkpoint(mode?: CheckpointMode): Promise<CheckpointOutcome>
  optimize(): Promise<OptimizeResult>
  readonly backups: Pick<Backups, 'target' | 'status' | 'create' | 'known'>
}
