/**
 * What a caller holds: a repository that follows the schema. Each call goes to the {@link TableRepository} of the table
 * as it is then, and stays with it to its end, whatever is read meanwhile.
 */

import type { TableSource } from '../schema/live-schema.ts'
import type { SchemaInfo } from '../schema/types.ts'
import { finderSpelling } from './finders.ts'
import { TableRepository } from './table-repository.ts'

type Method = (this: unknown, ...values: unknown[]) => unknown

export type HeldClass = new (options: HeldOptions) => HeldRepository

/** What is derived from one table as it was read. */
export interface TableParts {
  /** What a held repository inherits: the finders of this table. */
  readonly Held: HeldClass
  readonly create: () => TableRepository
}

export interface HeldOptions {
  readonly source: TableSource
  readonly partsOf: (source: TableSource) => TableParts
  /** Told of every call before anything else is done. */
  readonly onCall: (() => void) | undefined
}

export class HeldRepository {
  static {
    for (const name of Object.getOwnPropertyNames(TableRepository.prototype)) {
      const method: unknown = Reflect.get(TableRepository.prototype, name)
      if (name === 'constructor' || typeof method !== 'function') continue
      define(HeldRepository.prototype, name, function (this: HeldRepository, ...values: unknown[]): unknown {
        const { onCall } = this.#options
        if (onCall !== undefined) onCall()
        const current = this.#current()
        return current instanceof TableRepository ? Reflect.apply(method, current, values) : failing(name, current)
      })
    }
    // Names that nothing before it has: a finder for a column that is new, or for one that does not exist.
    const end = new Proxy(Object.create(Object.prototype), {
      get(target: object, name, repository: HeldRepository) {
        const finder = typeof name === 'string' && finderSpelling(name) !== null
        return finder ? heldFinder(name).bind(repository) : Reflect.get(target, name, repository)
      },
    })
    Object.setPrototypeOf(HeldRepository.prototype, end)
  }

  readonly #options: HeldOptions
  /** Not only the table: its relations lead to others. */
  #schema: SchemaInfo
  #repository: TableRepository

  constructor(options: HeldOptions) {
    this.#options = options
    this.#schema = options.source.schema
    this.#repository = options.partsOf(options.source).create()
  }

  /** Calls a finder, of this table as it is now. */
  static find(held: HeldRepository, name: string, values: readonly unknown[]): unknown {
    const { onCall } = held.#options
    if (onCall !== undefined) onCall()
    const current = held.#current()
    if (!(current instanceof TableRepository)) return Promise.reject(current)
    return Reflect.apply(Reflect.get(current, name) as Method, current, values)
  }

  /** The repository of the table as it is, or why there is none. */
  #current(): TableRepository | Error {
    try {
      const { schema } = this.#options.source
      return schema === this.#schema ? this.#repository : this.#follow(schema)
    } catch (error) {
      return error as Error
    }
  }

  #follow(schema: SchemaInfo): TableRepository {
    const { Held, create } = this.#options.partsOf(this.#options.source)
    Object.setPrototypeOf(this, Held.prototype)
    this.#repository = create()
    this.#schema = schema
    return this.#repository
  }
}

/** A finder as callers see it. */
export function heldFinder(name: string): (this: HeldRepository, ...values: unknown[]) => unknown {
  return function (this: HeldRepository, ...values: unknown[]): unknown {
    return HeldRepository.find(this, name, values)
  }
}

export function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, writable: true, configurable: true })
}

/** Rejects in the way the method does: a promise, or an iteration that fails with its first step. */
function failing(method: string, error: Error): unknown {
  if (method !== 'stream') return Promise.reject(error)
  // biome-ignore lint/correctness/useYield: it ends before there is anything to yield.
  return (async function* fail(): AsyncGenerator<never> {
    throw error
  })()
}
