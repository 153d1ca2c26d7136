/** An engine whose log is archived into a folder, and a snapshot of it to begin with. */
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { Uploader } from '../../src/backup/archive/uploader.ts'
import { type ReachedPoint, rollForward, type StreamTarget } from '../../src/backup/restore/roll-forward.ts'
import { FolderStore } from '../../src/backup/store/folder-store.ts'
import type { BackupStore } from '../../src/backup/store/types.ts'
import { openEngine } from '../../src/engine/engine.ts'
import type { Engine, EngineArchive, StreamPoint } from '../../src/engine/types.ts'
import { DEFAULT_SETTINGS, engineOptions } from './engine-options.ts'
import { openConnection } from './open-connection.ts'
import { stateOf } from './state-of.ts'
import { tempFolder } from './temp-folder.ts'

export interface ArchivedOptions {
  readonly folder?: string
  readonly pageSize?: number
  readonly walLimitBytes?: number
  readonly maxBacklogBytes?: number
  readonly store?: (folder: string) => BackupStore
}

export interface ArchivedEngine {
  readonly folder: string
  readonly path: string
  readonly spool: string
  readonly engine: Engine
  readonly archive: EngineArchive
  readonly store: BackupStore
  readonly uploader: Uploader
  readonly errors: Error[]
  /** Why streams ended. */
  readonly ends: string[]
  readonly execute: (sql: string, ...parameters: unknown[]) => Promise<readonly Record<string, unknown>[]>
  /** Where the stream is now, and a hash of everything in the database. */
  readonly mark: () => Promise<StreamPoint & { readonly state: string }>
  readonly snapshot: () => Promise<TestSnapshot>
}

export interface TestSnapshot {
  readonly path: string
  readonly from: StreamPoint
  readonly to: StreamPoint
}

let snapshots = 0

export async function openArchived(options: ArchivedOptions = {}): Promise<ArchivedEngine> {
  const { folder = tempFolder(), pageSize = null, walLimitBytes = 4 * 2 ** 20, maxBacklogBytes = 2 ** 30 } = options
  const path = join(folder, 'shop.db')
  const spool = `${path}-archive`
  const settings = { ...DEFAULT_SETTINGS, pageSize }
  const engine = await openEngine(
    engineOptions(path, { settings, walLimitBytes, archive: { folder: spool, maxBacklogBytes } }),
  )
  const store = options.store?.(join(folder, 'store')) ?? new FolderStore(join(folder, 'store'))
  const { archive } = engine
  if (archive === null) throw new Error('nothing is archived')
  const errors: Error[] = []
  const ends: string[] = []
  archive.listen({ ended: (reason) => ends.push(reason) })
  const uploader = new Uploader({ archive, store, onError: (error) => errors.push(error) })
  await archive.resume()
  await uploader.takeUp()
  onTestFinished(async () => {
    await engine.close()
    await uploader.close(0)
  })

  const execute = async (sql: string, ...parameters: unknown[]) => (await engine.execute({ sql, parameters })).rows
  const point = async (given: Promise<StreamPoint | null>): Promise<StreamPoint> => {
    const found = await given
    if (found === null) throw new Error(`there is no stream: ${archive.stats().endedBecause}`)
    return found
  }
  return {
    ...{ folder, path, spool, engine, archive, store, uploader, errors, ends, execute },
    mark: async () => ({ ...(await point(archive.mark())), state: await stateOf(execute) }),
    snapshot: async () => {
      const from = await point(archive.begin(`20261126T173000${String(++snapshots).padStart(3, '0')}Z-1a2b3c4d`, 0))
      const copy = join(folder, `snapshot-${snapshots}.db`)
      await engine.copy(copy)
      return { path: copy, from, to: await point(archive.mark()) }
    },
  }
}

/** Restores a snapshot and all up to a point, beside it; what is there then. */
export async function restored(
  store: BackupStore,
  { path, from, to: { commit: atLeast } }: TestSnapshot,
  to: StreamTarget,
): Promise<{ readonly state: string; readonly reached: ReachedPoint; readonly check: unknown }> {
  const target = join(tempFolder(), 'restored.db')
  cpSync(path, target)
  const reached = await rollForward(store, target, { stream: from.stream, fromCommit: from.commit, atLeast, to })
  const connection = await openConnection({ path: target, settings: { enableWALMode: true } })
  const read = async (sql: string) => connection.objects(sql, [])
  return { reached, state: await stateOf(read), check: connection.pragma('integrity_check') }
}
