/** How the tables of a database are described to `NOORMME<DB>`, in Kysely's terms. */
import type { Insertable, Selectable, Updateable } from 'kysely'
import type { GraphOf } from './relations/graph.ts'
import type { Repository } from './types.ts'
import type { UntypedRow } from './untyped.ts'

type IsUntyped<DB> = 0 extends 1 & DB ? true : false

/** Names of the tables of `DB`. */
export type TableName<DB> = keyof DB & string

/** Any name where a row type is given, so that a table need not be described; else those of `DB`. */
export type TableNameFor<Row, DB> = [Row] extends [never] ? TableName<DB> : string

/** Without columns to write, as in a view, nothing can be written: `{}` would take any object. */
type Writable<Row> = keyof Row extends never ? never : Row

/** The repository of one described table: what is read, inserted and updated follow from Kysely's column types. */
export type RepositoryOf<DB, Table extends TableName<DB>> =
  IsUntyped<DB> extends true
    ? Repository<UntypedRow>
    : Repository<
        Selectable<DB[Table]>,
        Writable<Insertable<DB[Table]>>,
        Writable<Updateable<DB[Table]>>,
        GraphOf<DB, Table>
      >
