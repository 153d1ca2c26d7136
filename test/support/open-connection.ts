/** A configured connection on a real file, closed after the test. */
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { Connection, type ConnectionOptions } from '../../src/sqlite/connection.ts'
import type { ConnectionRole, ConnectionSettings } from '../../src/sqlite/settings.ts'
import { tempFolder } from './temp-folder.ts'

export const SETTINGS: ConnectionSettings = {
  enableWALMode: true,
  enableForeignKeys: true,
  cacheSize: null,
  synchronous: 'NORMAL',
  tempStore: 'MEMORY',
  busyTimeout: 0,
  mmapSize: null,
  journalSizeLimit: null,
  checkpoint: 'managed',
  pageSize: null,
  autoVacuum: null,
  stablePlans: null,
}

export interface OpenConnection {
  readonly path?: string
  readonly role?: ConnectionRole
  readonly settings?: Partial<ConnectionSettings>
  readonly extensions?: Partial<ConnectionOptions['extensions']>
  readonly native?: ConnectionOptions['native']
}

/** Opens `path`, or a new file in a fresh folder. */
export async function openConnection({
  path = join(tempFolder(), 'test.db'),
  role = 'writer',
  settings,
  extensions,
  native,
}: OpenConnection = {}): Promise<Connection> {
  const connection = await Connection.open({
    label: role,
    role,
    path,
    settings: { ...SETTINGS, ...settings },
    extensions: { libraries: [], setup: null, ...extensions },
    ...(native === undefined ? {} : { native }),
  })
  onTestFinished(() => connection.close())
  return connection
}

/** What `run` throws. */
export function thrownBy(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}
