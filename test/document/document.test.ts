/** The document that the project began with: its code runs as it stands, and its settings are what SQLite reports. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NOORMME } from 'noormme'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const home = process.cwd()
let folder = ''
let blocks: typeof import('./blocks.ts')

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'noormme-document-'))
  process.chdir(folder)
  const other = new NOORMME('./data/dreambeesart.db')
  await other.execute('CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)')
  await other.close()
  blocks = await import('./blocks.ts')
})

afterAll(() => {
  process.chdir(home)
  rmSync(folder, { recursive: true, force: true })
})

describe("the document's code", () => {
  test('initialises, is healthy, and reports its connection', async () => {
    await blocks.initializeDatabase()
    await blocks.initializeDatabase()
    expect(await blocks.healthCheck()).toMatchObject({
      healthy: true,
      connectionPool: { database: 'SQLite', status: 'connected' },
    })
    expect(blocks.getConnectionStats()).toMatchObject({ database: 'SQLite', dialect: 'noormme', status: 'connected' })
  })

  test('has the three files it describes while it runs', () => {
    expect(readdirSync(join(folder, 'data')).sort()).toEqual([
      'dreambeesart.db',
      'dreambeesart.db-shm',
      'dreambeesart.db-wal',
    ])
    expect(existsSync(join(folder, 'data', 'dreambeesart.db'))).toBe(true)
  })

  test('gets recommendations in the shape it expects', async () => {
    const recommendations = await blocks.getOptimizationRecommendations()
    expect(Object.keys(recommendations)).toEqual(
      expect.arrayContaining([
        'appliedOptimizations',
        'recommendations',
        'warnings',
        'performanceImpact',
        'currentSettings',
        'suggestedSettings',
      ]),
    )
  })
})
