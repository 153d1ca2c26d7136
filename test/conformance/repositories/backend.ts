/** What a repository runs on, as the conformance suite sees it, and the tables that every test of it starts with. */
import type { NOORMME, NoormmeConfig } from 'noormme'

export interface Backend {
  /** Opens a database of its own, in which `statements` were run, and which `close()` removes. */
  open(statements: readonly string[], rules?: Rules): Promise<OpenBackend>
  /** A full-text index over these columns of a table that is empty still. */
  searchIndex(table: string, columns: readonly string[]): readonly string[]
  /** How this database declares a column of each kind. */
  readonly types: {
    /** An integer that counts up by itself, as a primary key. */
    readonly key: string
    readonly integer: string
    readonly real: string
    readonly text: string
    readonly boolean: string
    readonly json: string
    readonly time: string
    readonly bytes: string
  }
  /** What this database cannot do; tests of that are left out. */
  readonly lacks: readonly Capability[]
}

/** What repositories do by themselves. */
export type Rules = Pick<NoormmeConfig, 'tables' | 'timestamps'>

/**
 * `bigints`: integers of 64 bits. `nul`: texts with a NUL character. `besideTransaction`: reads beside an open transaction.
 * `search`: a full-text index.
 */
export type Capability = 'bigints' | 'nul' | 'besideTransaction' | 'search'

export interface OpenBackend {
  readonly db: NOORMME
  close(): Promise<void>
}

export interface Artist {
  readonly id: number
  readonly name: string
  readonly country: string | null
}

export interface Work {
  readonly id: number
  readonly artist_id: number
  readonly title: string
  readonly slug: string | null
  readonly price: number | null
  readonly likes: number
  readonly status: string
  readonly featured: boolean | null
  readonly tags: unknown
  readonly made: string | null
  readonly picture: Uint8Array | null
}

export interface UserRole {
  readonly user_id: number
  readonly role_id: number
  readonly note: string | null
}

export interface Label {
  readonly id: number
  readonly name: string
}

export interface Note {
  readonly id: number
  readonly slug: string
  readonly body: string | null
  readonly version: number
  readonly created_at: string
  readonly updated_at: string
}

/** The tables in this backend's words. */
export function tablesFor({ types }: Backend): readonly string[] {
  return [
    `CREATE TABLE artists (
      id ${types.key},
      name ${types.text} NOT NULL,
      country ${types.text})`,
    `CREATE TABLE works (
      id ${types.key},
      artist_id ${types.integer} NOT NULL REFERENCES artists (id),
      title ${types.text} NOT NULL,
      slug ${types.text} UNIQUE,
      price ${types.real} CHECK (price >= 0),
      likes ${types.integer} NOT NULL DEFAULT 0,
      status ${types.text} NOT NULL DEFAULT 'draft',
      featured ${types.boolean},
      tags ${types.json},
      made ${types.time},
      picture ${types.bytes})`,
    `CREATE TABLE user_roles (
      user_id ${types.integer} NOT NULL,
      role_id ${types.integer} NOT NULL,
      note ${types.text},
      PRIMARY KEY (user_id, role_id))`,
    `CREATE TABLE labels (
      id ${types.key},
      name ${types.text} NOT NULL UNIQUE,
      parent_id ${types.integer} REFERENCES labels (id))`,
    `CREATE TABLE work_labels (
      work_id ${types.integer} NOT NULL REFERENCES works (id) ON DELETE CASCADE,
      label_id ${types.integer} NOT NULL REFERENCES labels (id),
      PRIMARY KEY (work_id, label_id))`,
  ]
}

export const ARTISTS = [
  { id: 1, name: 'Mira', country: 'IS' },
  { id: 2, name: 'Noor', country: null },
  { id: 3, name: 'Ottilie', country: 'DE' },
]

const work = (id: number, artist_id: number, title: string, more: Partial<Work> = {}): Work => ({
  id,
  artist_id,
  title,
  slug: null,
  price: null,
  likes: 0,
  status: 'draft',
  featured: null,
  tags: null,
  made: null,
  picture: null,
  ...more,
})

/** In order of their keys. */
export const WORKS: readonly Work[] = [
  work(1, 1, 'Moon', { slug: 'moon', price: 10, likes: 5, status: 'listed', featured: true, tags: ['night', 'sky'] }),
  work(2, 1, 'Moonrise', { slug: 'moonrise', price: 25.5, likes: 9, status: 'listed', featured: false }),
  work(3, 2, '100% wool', { slug: 'wool', price: 0, likes: 9, status: 'sold', made: '2026-01-31T09:30:00.000Z' }),
  work(4, 2, 'tide_pool', { price: 99, likes: 1, status: 'listed', picture: new Uint8Array([0, 255, 7]) }),
  work(5, 3, 'Dunes', { slug: 'dunes', likes: 2, featured: true, tags: { palette: 'sand' } }),
]

export const USER_ROLES: readonly UserRole[] = [
  { user_id: 1, role_id: 1, note: 'first' },
  { user_id: 1, role_id: 2, note: null },
  { user_id: 2, role_id: 1, note: 'second' },
]

/** Of Moon and Moonrise; `night` is one of `sky`. */
export const LABELS = [
  { id: 1, name: 'sky', parent_id: null },
  { id: 2, name: 'night', parent_id: 1 },
  { id: 3, name: 'sea', parent_id: null },
]

export const WORK_LABELS = [
  { work_id: 1, label_id: 1 },
  { work_id: 1, label_id: 2 },
  { work_id: 2, label_id: 2 },
]

/** A table whose rows have versions and times. */
export const NOTE_RULES: Rules = {
  tables: { notes: { version: 'version' } },
  timestamps: { createdAt: 'created_at', updatedAt: 'updated_at' },
}

export const notesFor = ({ types }: Backend): string => `CREATE TABLE notes (
  id ${types.key},
  slug ${types.text} NOT NULL UNIQUE,
  body ${types.text},
  version ${types.integer} NOT NULL DEFAULT 1,
  created_at ${types.time},
  updated_at ${types.time})`

/** Opens it with the tables, filled or empty. */
export async function openTables(backend: Backend, { filled }: { readonly filled: boolean }): Promise<OpenBackend> {
  const opened = await backend.open(tablesFor(backend))
  if (filled) {
    await opened.db.getRepository<Artist>('artists').createMany(ARTISTS)
    await opened.db.getRepository<Work>('works').createMany(WORKS)
    await opened.db.getRepository<UserRole>('user_roles').createMany(USER_ROLES)
    await opened.db.getRepository<Label>('labels').createMany(LABELS)
    await opened.db.getRepository('work_labels').createMany(WORK_LABELS)
  }
  return opened
}
