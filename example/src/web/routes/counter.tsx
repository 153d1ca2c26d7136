/** Behind the counter: how the database is doing. */
import { Hono } from 'hono'
import {
  db,
  getBackupStatus,
  getConnectionStats,
  getOptimizationRecommendations,
  healthCheck,
} from '../../lib/db/noormme.ts'
import type { Shop } from '../context.ts'
import { AdminPage } from '../pages/admin-page.tsx'
import { render } from '../render.tsx'
import { isThisMachine } from '../this-machine.ts'

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
