/** The database of a test, and of all tests of a group that only read. */
import type { NOORMME, Repository } from 'noormme'
import { afterAll, beforeAll, onTestFinished, test } from 'vitest'
import {
  type Artist,
  type Backend,
  type Capability,
  type Label,
  type OpenBackend,
  openTables,
  type UserRole,
  type Work,
} from './backend.ts'

export interface Tables {
  readonly db: NOORMME
  readonly artists: Repository<Artist>
  readonly works: Repository<Work>
  readonly userRoles: Repository<UserRole>
  readonly labels: Repository<Label>
}

/** A database for one test. */
export async function freshTables(backend: Backend, { filled = true } = {}): Promise<Tables> {
  const { db, close } = await openTables(backend, { filled })
  onTestFinished(close)
  return tablesOf(db)
}

/** One database for all tests of the group around it, none of which writes. */
export function sharedTables(backend: Backend, { filled = true } = {}): () => Tables {
  let opened: OpenBackend | null = null
  beforeAll(async () => {
    opened = await openTables(backend, { filled })
  })
  afterAll(() => opened?.close())
  return () => {
    if (opened === null) throw new Error('the database is opened before the tests are run')
    return tablesOf(opened.db)
  }
}

/** A test of what not every backend can do. */
export function testWith(backend: Backend, needed: Capability, title: string, run: () => Promise<void>): void {
  if (!backend.lacks.includes(needed)) test(title, run)
}

function tablesOf(db: NOORMME): Tables {
  return {
    db,
    artists: db.getRepository<Artist>('artists'),
    works: db.getRepository<Work>('works'),
    userRoles: db.getRepository<UserRole>('user_roles'),
    labels: db.getRepository<Label>('labels'),
  }
}

/** The ids of rows, in their order. */
export const idsOf = (rows: readonly { readonly id: number }[]): number[] => rows.map(({ id }) => id)
