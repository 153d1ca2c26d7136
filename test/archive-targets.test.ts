/** The archive in every kind of target: what is restored, to which point, with nothing but the target and the key. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { NOORMME, restoreBackup } from 'noormme'
import { describe, expect, onTestFinished, test } from 'vitest'
import { runCli } from './support/run-cli.ts'
import { startS3 } from './support/s3-server.ts'
import { tempFolder } from './support/temp-folder.ts'

const KEY = Buffer.alloc(32, 7).toString('base64')
const KEY_IN_ENVIRONMENT = { NOORMME_BACKUP_KEY: KEY }
/** Nothing is committed but by the test. */
const automation = { enableAutoOptimization: false }

const FORMS = {
  plain: {},
  compressed: { compression: 'zstd' },
  encrypted: { encryptionKey: KEY },
  'compressed and encrypted': { compression: 'zstd', encryptionKey: KEY },
} as const

async function shop(target: string, form: Record<string, unknown> = {}) {
  const folder = tempFolder()
  const path = join(folder, 'app.db')
  const backup = { target, schedule: false as const, ...form }
  const db = new NOORMME({ connection: { database: path }, automation, backup })
  onTestFinished(() => db.close())
  await db.execute('CREATE TABLE works (id INTEGER PRIMARY KEY, title TEXT, picture BLOB)')
  const add = (title: string, bytes = 0) =>
    db.execute('INSERT INTO works (title, picture) VALUES (?, randomblob(?))', [title, bytes])
  return { db, path, folder, add }
}

async function titles(path: string): Promise<unknown[]> {
  await using db = new NOORMME({ connection: { database: path }, automation })
  return (await db.execute<{ title: string }>('SELECT title FROM works ORDER BY id')).rows.map(({ title }) => title)
}

async function bucketUrl(): Promise<{ readonly s3: Awaited<ReturnType<typeof startS3>>; readonly target: string }> {
  const s3 = await startS3()
  return { s3, target: `s3://${s3.bucket}/shop?endpoint=${encodeURIComponent(s3.endpoint)}` }
}

/** A moment between two commits: their times are whole milliseconds. */
async function between(): Promise<Date> {
  const now = Date.now()
  while (Date.now() < now + 5) await new Promise((resolve) => setImmediate(resolve))
  return new Date(now + 4)
}

/** Until what is asked for is so; a test that waits for ever fails by its time limit. */
async function until(isSo: () => unknown): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 10))
}

const segmentsIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => path.includes('.segment'))
    .sort()

describe.each([
  ['a folder', 'encrypted'],
  ['a folder', 'compressed'],
  ['a folder', 'compressed and encrypted'],
  ['a bucket', 'plain'],
  ['a bucket', 'compressed and encrypted'],
] as const)('in %s, %s,', (place, form) => {
  test('every commit is restored to with the target and the key alone', async () => {
    const target = place === 'a folder' ? join(tempFolder(), 'backups') : (await bucketUrl()).target
    const { db, path, folder, add } = await shop(target, FORMS[form])
    await db.backups.create()
    // Random bytes: compressed, a segment of them is larger than it was.
    await add('Dusk', 300_000)
    await db.backups.points()
    const moment = await between()
    await add('Dawn')
    await db.backups.points()
    await add('Noon', 100_000)
    expect((await db.backups.points()).map(({ commit }) => commit)).toEqual([3, 2, 1])
    expect((await db.backups.points({ before: moment })).map(({ commit }) => commit)).toEqual([1])
    expect(await db.backups.prune()).toMatchObject({ removed: [], leftovers: [] })
    await db.close()
    for (const each of [path, `${path}-archive`]) rmSync(each, { recursive: true })

    const encryptionKey = 'encryptionKey' in FORMS[form] ? KEY : undefined
    const restored = async (point: object) => {
      const to = join(tempFolder(), 'restored.db')
      const { commit, exact } = await restoreBackup({ from: target, to, encryptionKey, ...point })
      return { commit, exact, titles: await titles(to) }
    }
    expect(await restored({})).toEqual({ commit: 3, exact: true, titles: ['Dusk', 'Dawn', 'Noon'] })
    expect(await restored({ commit: 2 })).toEqual({ commit: 2, exact: true, titles: ['Dusk', 'Dawn'] })
    expect(await restored({ at: moment })).toEqual({ commit: 1, exact: true, titles: ['Dusk'] })

    const options = { cwd: folder, env: encryptionKey === undefined ? {} : KEY_IN_ENVIRONMENT }
    const listed = await runCli(['backup', 'archive', target, '--json'], options)
    expect(listed).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(listed.stdout).points.map(({ commit }: { commit: number }) => commit)).toEqual([3, 2, 1])
    const made = await runCli(['restore', 'app.db', '--from', target, '--at', moment.toISOString()], options)
    expect(made).toMatchObject({ code: 0, stderr: '' })
    expect(await titles(path)).toEqual(['Dusk'])
  }, 60_000)
})

test('of an encrypted archive the command line says which key is missing, and shows none', async () => {
  const target = join(tempFolder(), 'backups')
  const { db, add } = await shop(target, FORMS.encrypted)
  await db.backups.create()
  await add('Dusk')
  await db.close()

  const without = await runCli(['backup', 'archive', target])
  expect(without).toMatchObject({ code: 2, stderr: expect.stringContaining('NOORMME_BACKUP_KEY') })
  const other = Buffer.alloc(32, 8).toString('base64')
  const wrong = await runCli(['restore', 'new.db', '--from', target], {
    cwd: tempFolder(),
    env: { NOORMME_BACKUP_KEY: other },
  })
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('encrypted with another key') })
  expect(wrong.stdout + wrong.stderr).not.toContain(other)
}, 60_000)

test('while the bucket is down writes go on, what waits is told, and afterwards everything is caught up with', async () => {
  const { s3, target } = await bucketUrl()
  const { db, add } = await shop(target, FORMS['compressed and encrypted'])
  await db.backups.create()
  s3.fault = () => 'error'
  let failures = 0
  db.on('backup', ({ job, ok }) => void (job === 'archive' && !ok && failures++))
  await Promise.all(
    Array.from({ length: 16 }, async (_, client) => {
      for (let each = 0; each < 25; each++) await add(`${client}-${each}`, 20_000)
    }),
  )
  await until(async () => (await db.backups.status()).archive?.error)

  const { archive } = await db.backups.status()
  expect(archive).toMatchObject({ archiving: true, endedBecause: null })
  expect(archive?.backlogBytes).toBeGreaterThan(8_000_000)
  const check = async () => (await db.healthCheck()).checks.find(({ name }) => name === 'archive')
  expect(await check()).toMatchObject({ status: 'warn', detail: expect.stringMatching(/is not stored: .* MiB wait/) })
  await expect(db.backups.points()).rejects.toMatchObject({ code: 'NOORMME_BACKUP_STORE', retryable: true })

  s3.fault = () => null
  expect(await db.backups.points({ limit: 1 })).toHaveLength(1)
  expect((await db.backups.status()).archive).toMatchObject({ backlogBytes: 0, error: null })
  expect(await check()).toMatchObject({ status: 'pass' })
  expect(failures).toBe(1)
  await db.close()
  const to = join(tempFolder(), 'restored.db')
  await restoreBackup({ from: target, to, encryptionKey: KEY })
  expect((await titles(to)).length).toBe(16 * 25)
}, 120_000)

test.each(['encrypted', 'compressed', 'compressed and encrypted'] as const)(
  'one byte that is changed in a segment, %s, is found, and the last point before it is offered and can be had',
  async (form) => {
    const target = join(tempFolder(), 'backups')
    const { db, add } = await shop(target, FORMS[form])
    await db.backups.create()
    for (const title of ['Dusk', 'Dawn', 'Noon']) {
      await add(title, 50_000)
      await db.backups.points()
    }
    const [, second, third] = segmentsIn(target)
    expect(third).toBeDefined()
    const bytes = readFileSync(second as string)
    const at = bytes.length >>> 1
    bytes[at] = (bytes[at] ?? 0) ^ 1
    writeFileSync(second as string, bytes)

    const to = join(tempFolder(), 'restored.db')
    const encryptionKey = 'encryptionKey' in FORMS[form] ? KEY : undefined
    await expect(restoreBackup({ from: target, to, encryptionKey })).rejects.toMatchObject({
      code: 'NOORMME_BACKUP_DAMAGED',
      message: expect.stringContaining('00000002.segment'),
      context: { earlier: { commit: 1 } },
    })
    await expect(db.backups.points()).rejects.toMatchObject({ code: 'NOORMME_BACKUP_DAMAGED' })
    expect(await restoreBackup({ from: target, to, encryptionKey, commit: 1 })).toMatchObject({ commit: 1 })
    expect(await titles(to)).toEqual(['Dusk'])
    // From here on nothing is missing again.
    await db.backups.create()
    await add('Eve')
    const all = join(tempFolder(), 'all.db')
    await db.backups.restore({ to: all })
    expect(await titles(all)).toEqual(['Dusk', 'Dawn', 'Noon', 'Eve'])
  },
  60_000,
)

test('of a target whose form was changed, the newest backup is restored', async () => {
  const target = join(tempFolder(), 'backups')
  const first = await shop(target)
  await first.db.backups.create()
  await first.db.close()
  const second = await shop(target, FORMS.compressed)
  await second.add('Dusk')
  await second.db.backups.create()
  await second.add('Dawn')
  await second.db.close()

  const to = join(tempFolder(), 'restored.db')
  await restoreBackup({ from: target, to })
  expect(await titles(to)).toEqual(['Dusk', 'Dawn'])
})
