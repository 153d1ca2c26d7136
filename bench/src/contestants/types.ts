/** What every contestant can do, so that a work is written once and run with each of them. */
import type { ColumnType, Generated, Kysely } from 'kysely'

export type Synchronous = 'FULL' | 'NORMAL'

/** A synchronous driver answers at once. Works await either, so that all pay the same. */
export type Awaitable<T> = T | Promise<T>

export interface NewItem {
  readonly artist_id: number
  readonly title: string
  readonly price: number
  readonly likes: number
  readonly status: string
  readonly created_at: string
}

export interface Item extends NewItem {
  readonly id: number
}

/** The tables of the benchmark, in Kysely's terms. */
export interface BenchTables {
  readonly items: { readonly [K in keyof NewItem]: NewItem[K] } & { readonly id: Generated<number> }
  readonly counters: { readonly id: ColumnType<number, number, never>; readonly value: number }
}

/** One open database. */
export interface Client {
  findById(id: number): Awaitable<Item | null | undefined>
  findAll(): Awaitable<readonly Item[]>
  /** Inserts a row in a transaction of its own and returns it as stored. */
  create(item: NewItem): Awaitable<Item>
  /** Inserts all rows in one transaction, in the fastest way the contestant's own documentation shows. */
  createMany(items: readonly NewItem[]): Awaitable<unknown>
  /** Writes one column of a row, in a transaction of its own. */
  setLikes(id: number, likes: number): Awaitable<unknown>
  /** Runs SQL of the work's own; returns the first row. */
  readOne(sql: string, parameters: readonly number[]): Awaitable<unknown>
  /** In a transaction: reads the counter, adds one, writes it. */
  increment(): Awaitable<void>
  /** What SQLite reports for the connection that writes. */
  pragmas(): Awaitable<Pragmas>
  close(): Awaitable<void>
  /** Kysely over this database, where the contestant has it. */
  readonly kysely?: Kysely<BenchTables>
}

/** What has to be the same on all sides. Not in it: the busy timeout, for noormme waits for locks by asking again itself. */
export interface Pragmas {
  readonly journal_mode: string
  readonly synchronous: Synchronous
  readonly cache_size: number
  readonly foreign_keys: boolean
  readonly mmap_size: number
  readonly journal_size_limit: number
  readonly page_size: number
}

export type OpenClient = (path: string, synchronous: Synchronous) => Awaitable<Client>
