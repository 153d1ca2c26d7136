/**
 * The dashboard of a database, and what servers ask of one: `noormme/dashboard`.
 *
 *     import { dashboard, toNodeHandler } from 'noormme/dashboard'
 *
 *     createServer(toNodeHandler(dashboard(db))).listen(8686, '127.0.0.1')
 */
export { dashboard } from './dashboard.ts'
export type { DashboardDatabase } from './database.ts'
export { type ConnectionInfo, type FetchHandler, toNodeHandler } from './node-adapter.ts'
export type { DashboardLogger, DashboardOptions } from './options.ts'
export type * from './protocol.ts'
