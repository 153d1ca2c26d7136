/** Metrics over HTTP, for Prometheus and whatever reads its format. */
import type { KnownBackups } from '../backup/types.ts'
import type { PerformanceMetrics } from '../engine/metrics/types.ts'
import type { ConnectionStats } from '../health/connection-stats.ts'
import { checkOptions } from './handler-options.ts'
import type { HealthSource } from './health-handler.ts'
import { PROMETHEUS_TYPE, prometheusText } from './prometheus.ts'

/** There is nothing to be chosen: what may see the metrics is decided where the handler is mounted. */
export type MetricsHandlerOptions = Readonly<Record<never, never>>

/** What a `NOORMME` has. */
export interface MetricsSource extends HealthSource {
  getPerformanceMetrics(): Promise<PerformanceMetrics>
  getConnectionStats(): Promise<ConnectionStats>
  readonly backups: { readonly known: KnownBackups | null }
}

/**
 * Answers every path with the metrics of one database. They name its file and no statement. See `docs/telemetry.md`.
 *
 * @example
 * app.get('/metrics', (context) => metricsHandler(db)(context.req.raw))
 * @throws ValidationError for an option: it has none.
 */
export function metricsHandler(
  db: MetricsSource,
  options: MetricsHandlerOptions = {},
): (request: Request) => Promise<Response> {
  checkOptions('metricsHandler()', options, [])
  return async (request) => {
    const headers = { 'cache-control': 'no-store' }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return new Response(null, { status: 405, headers: { ...headers, allow: 'GET, HEAD' } })
    }
    const [metrics, stats, health] = await Promise.all([
      db.getPerformanceMetrics(),
      db.getConnectionStats(),
      db.healthCheck(),
    ])
    const text =
      request.method === 'HEAD' ? null : prometheusText({ metrics, stats, health, backups: db.backups.known })
    return new Response(text, { headers: { ...headers, 'content-type': PROMETHEUS_TYPE } })
  }
}
