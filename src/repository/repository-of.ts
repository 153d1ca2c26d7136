/** How the tables of a database are described to `NOORMME<DB>`, in Kysely's terms. */
import type { Insertable, Selectable, Updateable } from 'kysely'
import type { GraphOf } from './relations/graph.ts'
import type { Repository } from './types.ts'
import type { UntypedRow } from './untyped.ts'

type IsUntyped<DB> = 0 extends 1 & DB ? true : false

/** Names of the tables of `DB`. */
export type TableName<DB> = keyof DB & string

/** The repository of one described table: what is read, inserted and updated follow from Kysely's column types. */
export type RepositoryOf<DB, Table extends TableName<DB>> =
  IsUntyped<DB> extends true
    ? Repository<UntypedRow>
    : Repository<Selectable<DB[Table]> & object, Insertable<DB[Table]>, Updateable<DB[Table]>, GraphOf<DB, Table>>
