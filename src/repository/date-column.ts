/**
 * The dates of one column: which form they have, found out once, and a Date written in it.
 *
 * Most columns say it by their default. For the others one stored value is looked at when a Date is first used with the
 * column. Looking is asynchronous and writing is not, so writing a Date before the form is known throws
 * {@link DateFormatNeeded}; {@link withDateFormats} catches it, looks, and begins again.
 */
import type { Executor } from '../engine/types.ts'
import { ValidationError } from '../errors.ts'
import { quoteIdentifier } from '../schema/naming.ts'
import type { ColumnInfo, TableInfo } from '../schema/types.ts'
import { type DateFormat, dateFormatOf, declaredDateFormat, formatDate } from './date-format.ts'

/** Rows looked at, newest first, for one that is not NULL: a column full of NULLs must not cost a scan. */
const SAMPLED_ROWS = 1000

/** Not an error: the signal that a column's form has to be looked up first. */
class DateFormatNeeded {
  readonly dates: DateColumn

  constructor(dates: DateColumn) {
    this.dates = dates
  }
}

export class DateColumn {
  readonly #table: TableInfo
  readonly #column: ColumnInfo
  readonly #kind: string
  #format: DateFormat | null

  constructor(table: TableInfo, column: ColumnInfo, kind: string) {
    this.#table = table
    this.#column = column
    this.#kind = kind
    this.#format = kind === 'boolean' ? 'foreign' : declaredDateFormat(column)
  }

  /** A Date to be stored. */
  store(date: Date, path: string): string {
    const format = this.#known(date, path)
    return formatDate(date, format) ?? this.#refuse(date, format, path)
  }

  /** A Date to be compared with: a moment within a day lies between that day and the next in text order too. */
  compare(date: Date, path: string): string {
    const format = this.#known(date, path)
    const text = formatDate(date, format) ?? (format === 'day' ? formatDate(date, 'sqlite') : null)
    return text ?? this.#refuse(date, format, path)
  }

  /** Looks at one stored value. Without any, the form is assumed for this time only. */
  async look(executor: Pick<Executor, 'execute'>): Promise<'known' | 'assumed'> {
    const value = await this.#sample(executor)
    this.#format = value === undefined ? this.#assumed() : (dateFormatOf(value) ?? this.#assumed())
    return value === undefined ? 'assumed' : 'known'
  }

  forget(): void {
    this.#format = null
  }

  #known(date: Date, path: string): DateFormat {
    if (Number.isNaN(date.getTime())) throw new ValidationError({ subject: path, reason: 'is an invalid Date' })
    if (this.#format === null) throw new DateFormatNeeded(this)
    return this.#format
  }

  #assumed(): DateFormat {
    return /^\s*date\s*$/i.test(this.#column.type) ? 'day' : 'iso'
  }

  async #sample(executor: Pick<Executor, 'execute'>): Promise<unknown> {
    // A view may compute its columns from everything it shows; a virtual table has no cheap end.
    if (this.#table.kind !== 'table') return undefined
    const column = quoteIdentifier(this.#column.name)
    const table = quoteIdentifier(this.#table.name)
    const indexed = this.#table.indexes.some(
      ({ partial, columns }) => !partial && columns[0]?.name === this.#column.name,
    )
    const newest = this.#table.rowidColumn === null ? '' : ` ORDER BY ${quoteIdentifier(this.#table.rowidColumn)} DESC`
    const { rows } = await executor.execute({
      sql: indexed
        ? `SELECT ${column} AS "value" FROM ${table} ORDER BY ${column} DESC LIMIT 1`
        : `SELECT "value" FROM (SELECT ${column} AS "value" FROM ${table}${newest} LIMIT ${SAMPLED_ROWS}) WHERE "value" IS NOT NULL LIMIT 1`,
    })
    return rows[0]?.value ?? undefined
  }

  #refuse(date: Date, format: DateFormat, path: string): never {
    throw new ValidationError({
      subject: path,
      reason: `is a Date, ${this.#reason(date, format)}`,
      advice: 'Pass the value as it stands in the column: a text or a number.',
    })
  }

  #reason(date: Date, format: DateFormat): string {
    if (this.#kind === 'boolean') return 'but the column is declared BOOLEAN'
    if (format === 'number')
      return 'but the column holds numbers, and whether they are seconds, milliseconds or days cannot be known'
    if (format === 'foreign') return 'but the dates in this column are in a form that is not written here'
    if (date.toISOString().length !== 24) return 'whose year is outside 0 to 9999 and would sort wrongly as text'
    if (format === 'day') return 'but the column holds days and this one is not midnight UTC'
    return 'but the dates in this column have whole seconds and this one does not'
  }
}

/** {@link withDateFormats}, at once where no form has to be looked up, as in nearly every call. */
export function buildWithDateFormats<T>(executor: Pick<Executor, 'execute'>, build: () => T): T | Promise<T> {
  try {
    return build()
  } catch (signal) {
    if (!(signal instanceof DateFormatNeeded)) throw signal
    return withDateFormats(executor, build)
  }
}

/**
 * Runs `build` until it needs no more forms of dates.
 *
 * Forms that had to be assumed are forgotten afterwards: the first stored value may be written by somebody else.
 */
export async function withDateFormats<T>(executor: Pick<Executor, 'execute'>, build: () => T | Promise<T>): Promise<T> {
  const assumed: DateColumn[] = []
  try {
    for (;;) {
      try {
        return await build()
      } catch (signal) {
        if (!(signal instanceof DateFormatNeeded)) throw signal
        if ((await signal.dates.look(executor)) === 'assumed') assumed.push(signal.dates)
      }
    }
  } finally {
    for (const dates of assumed) dates.forget()
  }
}
