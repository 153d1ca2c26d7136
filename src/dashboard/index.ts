/**
 * noormme/dashboard: what is served over HTTP, as handlers that take a `Request` and return a `Response`.
 *
 *     import { dashboard, healthHandler, metricsHandler, toNodeHandler } from 'noormme/dashboard'
 *
 *     createServer(toNodeHandler(dashboard(db))).listen(8686, '127.0.0.1')
 */

// The page, its API and its events.
export { dashboard } from './dashboard.ts'
export type { DashboardDatabase } from './database.ts'
// For load balancers and orchestrators.
export { type HealthHandlerOptions, type HealthSource, healthHandler } from './health-handler.ts'
// For Prometheus.
export { type MetricsHandlerOptions, type MetricsSource, metricsHandler } from './metrics-handler.ts'
// For node:http.
export { type ConnectionInfo, type FetchHandler, toNodeHandler } from './node-adapter.ts'
export type { DashboardLogger, DashboardOptions } from './options.ts'
// What the API says.
export type * from './protocol.ts'
