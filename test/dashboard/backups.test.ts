/** What the dashboard says of backups, beside what the folder and the database say of them. */
import { join } from 'node:path'
import type { NOORMME } from 'noormme'
import type { DashboardDatabase, Overview } from 'noormme/dashboard'
import { expect, it } from 'vitest'
import { tempDatabase } from '../support/temp-database.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { nextTick } from './support/events.ts'
import { serveDashboard } from './support/serve.ts'

const overview = async (url: string): Promise<Overview> =>
  (await (await fetch(`${url}/api/overview`)).json()) as Overview
const backUp = (url: string): Promise<Response> =>
  fetch(`${url}/api/actions/backup`, { method: 'POST', headers: { 'noormme-action': 'confirm', origin: url } })

it('without a target it says that there are none, and offers none', async () => {
  const { db } = tempDatabase()
  await db.initialize()
  const { url } = await serveDashboard(db, { allowActions: true })

  const { backups, actions } = await overview(url)

  expect({ backups, actions }).toEqual({ backups: null, actions: ['checkpoint', 'optimize'] })
  expect((await backUp(url)).status).toBe(404)
})

it('a backup is made from the page, and told with its size and its check, without the folder', async () => {
  const folder = tempFolder()
  const { db } = tempDatabase({ backup: { target: join(folder, 'kept') } })
  await db.initialize()
  await db.execute('CREATE TABLE works (id INTEGER PRIMARY KEY)')
  const { url } = await serveDashboard(db, { allowActions: true })
  const before = await overview(url)
  expect(before.backups).toMatchObject({ count: 0, lastAt: null, lastVerifiedAt: null, target: 'kept' })
  expect(before.actions).toContain('backup')

  const made = await (await backUp(url)).json()
  const [kept] = await db.backups.list()

  expect(made).toEqual({ ok: true, detail: expect.stringContaining(String(kept?.id)) })
  await expect
    .poll(async () => (await nextTick(url)).backups)
    .toMatchObject({
      count: 1,
      bytes: kept?.bytes,
      lastAt: kept?.createdAt.toISOString(),
      lastVerifiedAt: kept?.checkedAt.toISOString(),
      snapshots: [{ id: kept?.id, verified: true }],
      error: null,
    })
  expect(JSON.stringify(await overview(url))).not.toContain(folder)
})

it('a target that never answers holds up nothing', async () => {
  const { db } = tempDatabase()
  await db.initialize()
  const backups = {
    target: 's3://far/away',
    status: () => new Promise<never>(() => {}),
    create: () => db.backups.create(),
  }
  const { url } = await serveDashboard(withBackups(db, backups))

  expect((await overview(url)).backups).toMatchObject({ count: 0, lastAt: null })
  expect((await nextTick(url)).health.status).toBe('healthy')
})

/** The database with other backups than its own. */
function withBackups(db: NOORMME, backups: unknown): DashboardDatabase {
  return new Proxy(db, {
    get(target, name) {
      if (name === 'backups') return backups
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
