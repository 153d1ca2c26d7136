/**
 * The schema as it was read last, and tables of it that stay current: whoever holds one sees each new reading with the
 * next look, at the price of comparing two references.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Naming } from '../config/types.ts'
import { diffSchemas, type SchemaChange } from './diff.ts'
import { findTable } from './lookup.ts'
import type { SchemaInfo, TableInfo } from './types.ts'

/** One table or view, as the schema has it now. */
export interface TableSource {
  readonly schema: SchemaInfo
  /** @throws TableNotFoundError when there is none of this name any more. */
  readonly table: TableInfo
}

const NOTHING: SchemaInfo = Object.freeze({ tables: [], toolTables: [], version: 0 })

export class LiveSchema {
  #schema: SchemaInfo | null = null
  #readings = 0
  #accepted = 0
  readonly #sources = new Map<string, TableSource>()
  /** What users call tables by. */
  readonly #naming: Naming

  constructor(naming: Naming) {
    this.#naming = naming
  }

  /** `null` before the first reading. */
  get current(): SchemaInfo | null {
    return this.#schema
  }

  /** Call it before the schema is read, and hand the number to {@link LiveSchema.accept}. */
  begin(): number {
    return ++this.#readings
  }

  /**
   * Takes over what was read, unless a reading that began later has come first, and says what has changed. Tables that
   * are as they were stay the same objects, so what was derived from them stays good.
   */
  accept(reading: number, read: SchemaInfo): SchemaChange[] {
    if (reading < this.#accepted) return []
    this.#accepted = reading
    const before = this.#schema
    this.#schema = before === null ? read : keepingUnchanged(before, read)
    return before === null ? [] : diffSchemas(before, this.#schema)
  }

  /** @throws TableNotFoundError with the nearest names. */
  source(name: string): TableSource {
    const known = this.#sources.get(name)
    // A repository of a table that is gone is refused when it is asked for, not with its first call.
    if (known?.table !== undefined) return known
    const source = new LiveTable(this, name)
    this.find(name)
    this.#sources.set(name, source)
    return source
  }

  /** @throws TableNotFoundError with the nearest names. */
  find(name: string): TableInfo {
    return findTable(this.#schema ?? NOTHING, name, this.#naming)
  }
}

class LiveTable implements TableSource {
  readonly #live: LiveSchema
  readonly #name: string
  #seen: SchemaInfo | null = null
  #table: TableInfo | null = null

  constructor(live: LiveSchema, name: string) {
    this.#live = live
    this.#name = name
  }

  get schema(): SchemaInfo {
    return this.#live.current ?? NOTHING
  }

  get table(): TableInfo {
    if (this.#seen === this.#live.current && this.#table !== null) return this.#table
    return this.#look()
  }

  #look(): TableInfo {
    this.#table = null
    this.#table = this.#live.find(this.#name)
    this.#seen = this.#live.current
    return this.#table
  }
}

function keepingUnchanged(before: SchemaInfo, read: SchemaInfo): SchemaInfo {
  const same = (known: readonly TableInfo[], tables: readonly TableInfo[]): readonly TableInfo[] => {
    const byName = new Map(known.map((table) => [table.name, table]))
    return Object.freeze(
      tables.map((table) => {
        const old = byName.get(table.name)
        return old !== undefined && isDeepStrictEqual(old, table) ? old : table
      }),
    )
  }
  return Object.freeze({
    tables: same(before.tables, read.tables),
    toolTables: same(before.toolTables, read.toolTables),
    version: read.version,
  })
}
