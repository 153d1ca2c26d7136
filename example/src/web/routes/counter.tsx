/** Behind the counter: how the database is doing. */
import { getConnInfo } from '@hono/node-server/conninfo'
import { Hono } from 'hono'
import {
  db,
  getBackupStatus,
  getConnectionStats,
  getOptimizationRecommendations,
  healthCheck,
} from '../../lib/db/noormme.ts'
import type { Shop, ShopContext } from '../context.ts'
import { AdminPage } from '../pages/admin-page.tsx'
import { render } from '../render.tsx'

export const counter = new Hono<Shop>()

counter.get('/healthz', async (c) => {
  const health = await healthCheck()
  c.header('Cache-Control', 'no-store')
  return c.json(health, health.healthy ? 200 : 503)
})

counter.get('/admin', async (c) => {
  if (!isThisMachine(c)) return c.notFound()
  const [health, stats, backups, advice, schema] = await Promise.all([
    healthCheck(),
    getConnectionStats(),
    getBackupStatus(),
    getOptimizationRecommendations(),
    db.getSchemaInfo(),
  ])
  const page = <AdminPage health={health} stats={stats} backups={backups} advice={advice} tables={schema.tables} />
  return render(c, { title: 'Behind the counter' }, page)
})

/** Only who sits at this machine sees the counter; what a proxy passes on comes from elsewhere. */
function isThisMachine(c: ShopContext): boolean {
  const { address } = getConnInfo(c).remote
  const forwarded = c.req.header('x-forwarded-for') ?? c.req.header('forwarded')
  return forwarded === undefined && ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(address ?? '')
}
