/** The schema of a database as introspection found it: plain, frozen data. */

export interface SchemaInfo {
  /** Tables and views that hold the user's data, by name order. Shadow tables and SQLite's own are left out. */
  readonly tables: readonly TableInfo[]
  /** Tables in which another tool keeps its own state (migration histories and the like), by name order. */
  readonly toolTables: readonly TableInfo[]
  /** SQLite's `schema_version` when it was read: it changes with every change of the schema. */
  readonly version: number
}

export type TableKind = 'table' | 'view' | 'virtual'

export interface TableInfo {
  readonly name: string
  readonly kind: TableKind
  /** Module of a virtual table: `fts5`, `rtree`, …; `null` for others. */
  readonly module: string | null
  readonly strict: boolean
  readonly withoutRowid: boolean
  /** In order; empty for a view whose definition is broken and for a virtual table whose module is not loaded. */
  readonly columns: readonly ColumnInfo[]
  /** Columns of the primary key in key order; empty when the table has none. */
  readonly primaryKey: readonly string[]
  /** The column that is another name of the rowid (`INTEGER PRIMARY KEY`), or `null`. */
  readonly rowidColumn: string | null
  readonly foreignKeys: readonly ForeignKeyInfo[]
  readonly indexes: readonly IndexInfo[]
  /** By name order. RETURNING shows values from before them. */
  readonly triggers: readonly TriggerInfo[]
  /** The tool whose state it holds (`drizzle`, `prisma`, `knex`, …), or `null`. */
  readonly tool: string | null
  /** Its CREATE statement as stored by SQLite. */
  readonly sql: string
  readonly relations: readonly RelationInfo[]
}

export interface ColumnInfo {
  readonly name: string
  /** Declared type as written, possibly empty: `VARCHAR(20)`. SQLite keeps its own type names in capitals. */
  readonly type: string
  readonly affinity: 'INTEGER' | 'REAL' | 'TEXT' | 'NUMERIC' | 'BLOB'
  /** As SQLite reports it: `false` for a rowid column, which is never NULL all the same. */
  readonly notNull: boolean
  /** Text of the DEFAULT expression as SQLite stores it, or `null`. */
  readonly defaultValue: string | null
  /** 1-based place in the primary key, 0 when not part of it. */
  readonly primaryKeyPosition: number
  /** `virtual` and `stored` are generated columns; `hidden` belongs to a virtual table. */
  readonly generated: 'virtual' | 'stored' | null
  readonly hidden: boolean
}

export interface ForeignKeyInfo {
  readonly columns: readonly string[]
  /** As the table itself is spelt; as declared when there is no such table. */
  readonly referencedTable: string
  /**
   * Resolved: the referenced table's primary key where the declaration names no column. Empty when SQLite could not
   * follow the key: no such table or column, or a primary key of another width.
   */
  readonly referencedColumns: readonly string[]
  readonly onDelete: string
  readonly onUpdate: string
}

export interface IndexInfo {
  readonly name: string
  readonly unique: boolean
  /** `c`: CREATE INDEX, `u`: a UNIQUE constraint, `pk`: a PRIMARY KEY. */
  readonly origin: 'c' | 'u' | 'pk'
  readonly partial: boolean
  readonly columns: readonly IndexColumnInfo[]
  /** Its CREATE INDEX statement; `null` for the index of a constraint. */
  readonly sql: string | null
}

export interface TriggerInfo {
  readonly name: string
  /** Its CREATE TRIGGER statement as stored by SQLite. */
  readonly sql: string
}

export interface IndexColumnInfo {
  /** `null` for an expression. */
  readonly name: string | null
  readonly descending: boolean
  readonly collation: string
}

/** Named by the rules in `relations.ts`; no two of a table share a name, and none has the name of a column. */
export type RelationInfo =
  | {
      /** `belongsTo`: the key is here. `hasOne`, `hasMany`: the key is there. */
      readonly kind: 'belongsTo' | 'hasOne' | 'hasMany'
      readonly name: string
      readonly columns: readonly string[]
      readonly table: string
      readonly referencedColumns: readonly string[]
    }
  | {
      readonly kind: 'manyToMany'
      readonly name: string
      readonly columns: readonly string[]
      readonly table: string
      readonly referencedColumns: readonly string[]
      /** The join table and its two keys: ours, theirs. */
      readonly through: {
        readonly table: string
        readonly columns: readonly string[]
        readonly otherColumns: readonly string[]
      }
    }
