/** A NOORMME on a fresh file, closed and removed after the test. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NOORMME, type NoormmeConfig } from 'noormme'
import { onTestFinished } from 'vitest'

export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'noormme-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export function tempDatabase(config: Omit<NoormmeConfig, 'connection'> = {}): {
  db: NOORMME
  folder: string
  path: string
} {
  const folder = tempFolder()
  const path = join(folder, 'app.db')
  const db = new NOORMME({ ...config, connection: { database: path } })
  onTestFinished(() => db.close())
  return { db, folder, path }
}
