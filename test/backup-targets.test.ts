/** Backups in every kind of target, from making one to restoring it with nothing but the target and the key. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { NOORMME, restoreBackup } from 'noormme'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startS3 } from './support/s3-server.ts'
import { tempFolder } from './support/temp-folder.ts'

const KEY = Buffer.alloc(32, 7).toString('base64')
const SECRET_TEXT = 'Mira Sundström, Hafenstraße 7'

async function openWith(backup: Record<string, unknown>) {
  const folder = tempFolder()
  const path = join(folder, 'app.db')
  const db = new NOORMME({ connection: { database: path }, backup: { schedule: false, ...backup } })
  onTestFinished(() => db.close())
  await db.initialize()
  await db.execute('CREATE TABLE orders (id INTEGER PRIMARY KEY, address TEXT)')
  await db.getRepository<{ address: string }>('orders').createMany(Array(2_000).fill({ address: SECRET_TEXT }))
  return { db, folder }
}

async function restored(from: string, options: { readonly encryptionKey?: string } = {}): Promise<unknown> {
  const to = join(tempFolder(), 'restored.db')
  await restoreBackup({ from, to, ...options })
  const db = new NOORMME(`sqlite:${to}`)
  onTestFinished(() => db.close())
  return (await db.execute('SELECT count(*) AS n, min(address) AS address FROM orders')).rows[0]
}

const everything = (folder: string): Buffer =>
  Buffer.concat(
    readdirSync(folder, { recursive: true })
      .map((name) => join(folder, String(name)))
      .filter((path) => statSync(path).isFile())
      .map((path) => readFileSync(path)),
  )

const ORDERS = { n: 2_000, address: SECRET_TEXT }

describe('a backup', () => {
  it('in a folder, compressed and encrypted, is restored with the key alone', async () => {
    const target = join(tempFolder(), 'backups')
    const { db } = await openWith({ target, compression: 'zstd', encryptionKey: KEY })
    const { bytes } = await db.backups.create()
    expect(await db.backups.list()).toEqual([expect.objectContaining({ ok: true, rows: { orders: 2_000 } })])
    expect(await db.backups.verify()).toMatchObject({ ok: true })

    const kept = everything(target)
    expect(kept.includes('Mira')).toBe(false)
    expect(kept.includes('orders')).toBe(false)
    expect(kept.length).toBeLessThan(bytes / 4)
    expect(await restored(target, { encryptionKey: KEY })).toEqual(ORDERS)
  })

  it('that is encrypted is not restored without its key, which no error repeats', async () => {
    const target = join(tempFolder(), 'backups')
    const { db } = await openWith({ target, encryptionKey: KEY })
    await db.backups.create()
    await expect(restored(target)).rejects.toMatchObject({
      code: 'NOORMME_BACKUP_STORE',
      hint: expect.stringContaining('NOORMME_BACKUP_KEY'),
    })
    const other = Buffer.alloc(32, 8).toString('base64')
    await expect(restored(target, { encryptionKey: other })).rejects.toThrow('encrypted with another key')
    const odd = 'correct horse battery staple'
    const refused = await restored(target, { encryptionKey: odd }).catch(String)
    expect(refused).toContain('must be 32 bytes')
    expect(refused).not.toContain(odd)
  })

  it('takes its key from the environment', async () => {
    process.env.NOORMME_BACKUP_KEY = KEY
    onTestFinished(() => void delete process.env.NOORMME_BACKUP_KEY)
    const target = join(tempFolder(), 'backups')
    const { db } = await openWith({ target })
    await db.backups.create()
    expect(everything(target).includes('Mira')).toBe(false)
    expect(await restored(target)).toEqual(ORDERS)
    process.env.NOORMME_BACKUP_KEY = 'no key'
    expect(() => new NOORMME({ connection: { database: './a.db' }, backup: { target } })).toThrow(
      'the environment variable NOORMME_BACKUP_KEY must be 32 bytes',
    )
  })

  it('goes to a bucket and comes back from it', async () => {
    const s3 = await startS3()
    const target = `s3://${s3.bucket}/shop?endpoint=${encodeURIComponent(s3.endpoint)}`
    const { db } = await openWith({ target, compression: 'zstd', encryptionKey: KEY })
    await db.backups.create()
    await db.execute('DELETE FROM orders')
    await db.backups.create()
    const [first, second] = await db.backups.list()
    expect([first?.rows, second?.rows]).toEqual([{ orders: 2_000 }, { orders: 0 }])
    const status = await db.backups.status()
    expect(status.target).toBe(`s3://${s3.bucket}/shop`)
    expect(await s3.connections()).toBeGreaterThan(0)
    await db.close()
    // Closing the store lets go of them; they would stay for some seconds else.
    await expect.poll(() => s3.connections(), { timeout: 1_000 }).toBe(0)
    const to = join(tempFolder(), 'restored.db')
    await restoreBackup({ from: target, to, encryptionKey: KEY, id: first?.id })
    expect((await new NOORMME(`sqlite:${to}`).execute('SELECT count(*) AS n FROM orders')).rows).toEqual([{ n: 2_000 }])
  })

  it('to a bucket that answers badly for a while is finished without being copied again', async () => {
    const s3 = await startS3()
    const target = `s3://${s3.bucket}/shop?endpoint=${encodeURIComponent(s3.endpoint)}`
    const { db } = await openWith({ target })
    // More than the requests of one attempt: the fifth is of the next.
    let bad = 5
    s3.fault = (method, url) => (method === 'PUT' && url.includes('/database') && bad-- > 0 ? 'error' : null)
    let copies = 0
    await db.backups.create({
      onProgress: ({ phase, bytes, totalBytes }) => void (phase === 'copying' && bytes === totalBytes && copies++),
    })
    expect(copies).toBe(1)
    expect(bad).toBeLessThan(0)
    expect(await restored(target)).toEqual(ORDERS)
  })
})
