/** What the dashboard says of backups, and that one can be made from it. */
import { join } from 'node:path'
import { NOORMME } from 'noormme'
import type { ActionResult, Overview } from 'noormme/dashboard'
import { expect, onTestFinished, test } from 'vitest'
import { tempFolder } from '../support/temp-folder.ts'
import { serveDashboard } from './support/serve.ts'

async function openShop() {
  const folder = tempFolder()
  const directory = join(folder, 'backups')
  const db = new NOORMME({ connection: { database: join(folder, 'app.db') }, backup: { target: directory } })
  onTestFinished(() => db.close())
  await db.execute('CREATE TABLE works (id INTEGER PRIMARY KEY, title TEXT)')
  const { url } = await serveDashboard(db, { allowActions: true })
  // By a dashboard of its own each time: an overview is kept for a moment.
  const overview = async (): Promise<{ text: string; found: Overview }> => {
    const { url } = await serveDashboard(db, { allowActions: true })
    const text = await (await fetch(`${url}/api/overview`)).text()
    return { text, found: JSON.parse(text) }
  }
  return { db, folder, url, overview }
}

test('backups are shown as they are, without their folder', async () => {
  const { db, folder, overview } = await openShop()
  expect((await overview()).found.backups).toMatchObject({ count: 0, lastAt: null, target: 'backups', error: null })

  const { id, bytes, createdAt } = await db.backups.create()

  const { text, found } = await overview()
  expect(found.backups).toMatchObject({
    count: 1,
    bytes,
    lastAt: createdAt.toISOString(),
    running: null,
    snapshots: [{ id, bytes, verified: true }],
  })
  expect(found.health.checks.find(({ name }) => name === 'backup')).toMatchObject({ status: 'pass' })
  expect(text).not.toContain(folder)
})

test('one can be made from the page', async () => {
  const { db, url, overview } = await openShop()
  expect((await overview()).found.actions).toContain('backup')

  const response = await fetch(`${url}/api/actions/backup`, {
    method: 'POST',
    headers: { 'noormme-action': 'confirm', origin: new URL(url).origin },
  })

  const [made] = await db.backups.list()
  expect((await response.json()) as ActionResult).toMatchObject({
    ok: true,
    detail: expect.stringContaining(made?.id ?? '?'),
  })
})
