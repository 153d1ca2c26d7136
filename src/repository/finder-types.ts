/** The names and types of the finders of a row type: `user_id` gives `findByUserId`, `findByUser_id` and `findByuser_id`. */
import type { Condition } from './where-types.ts'

/** `user_id`, `user-id` and `userId` as `UserId`. */
export type PascalCase<Name extends string> = string extends Name
  ? string
  : Name extends `${infer Head}${'_' | '-' | ' ' | '.'}${infer Tail}`
    ? `${PascalCase<Head>}${PascalCase<Tail>}`
    : Capitalize<Name>

type Spelling<Name extends string> = string extends Name ? string : Name | Capitalize<Name> | PascalCase<Name>

/** `findById` is the search by primary key, whatever the columns are called. */
type FinderName<Prefix extends string, Name extends string> = Exclude<`${Prefix}${Spelling<Name>}`, 'findById'>

/** Finders of one row, which answer `null` when there is none, and of many. */
export type Finders<Row> = {
  readonly [Name in keyof Row & string as FinderName<'findBy' | 'findOneBy', Name>]: (
    value: Condition<Row[Name]>,
  ) => Promise<Row | null>
} & {
  readonly [Name in keyof Row & string as FinderName<'findManyBy', Name>]: (
    value: Condition<Row[Name]>,
  ) => Promise<Row[]>
}
