/**
 * noormme/dashboard: what is served over HTTP, as handlers that take a `Request` and return a `Response`.
 *
 *     import { healthHandler, metricsHandler, toNodeHandler } from 'noormme/dashboard'
 */

// For load balancers and orchestrators.
export { type HealthHandlerOptions, type HealthSource, healthHandler } from './health-handler.ts'
// For Prometheus.
export { type MetricsHandlerOptions, type MetricsSource, metricsHandler } from './metrics-handler.ts'
// For node:http.
export { type ConnectionInfo, type FetchHandler, toNodeHandler } from './node-adapter.ts'
