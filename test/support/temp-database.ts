/** A NOORMME on a fresh file, closed and removed after the test. */
import { join } from 'node:path'
import { NOORMME, type NoormmeConfig } from 'noormme'
import { onTestFinished } from 'vitest'
import { tempFolder } from './temp-folder.ts'

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
