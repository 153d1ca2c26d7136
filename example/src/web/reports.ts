/** What the library reports about the database, as the pages behind the counter receive it. */
import type {
  getBackupStatus,
  getConnectionStats,
  getOptimizationRecommendations,
  healthCheck,
} from '../lib/db/noormme.ts'

export type Health = Awaited<ReturnType<typeof healthCheck>>
export type Stats = Awaited<ReturnType<typeof getConnectionStats>>
export type Optimizations = Awaited<ReturnType<typeof getOptimizationRecommendations>>
export type Backups = Awaited<ReturnType<typeof getBackupStatus>>
