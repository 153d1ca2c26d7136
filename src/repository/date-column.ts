/**
 * The dates of one column: which form they have, and a Date written in it.
 *
 * Most columns say it by their default. For the others one stored value is looked at, anew for each call that uses a
 * Date with the column: another program may have written since, and a transaction that wrote may be rolled back. Looking
 * is asynchronous and writing is not, so writing a Date before the form is known throws {@link DateFormatNeeded};
 * {@link withDateFormats} catches it, looks, and begins again.
 */
import type { Executor } from '../engine/types.ts'
import { ValidationError } from '../errors.ts'
import { quoteIdentifier } from '../schema/naming.ts'
import type { ColumnInfo, TableInfo } from '../schema/types.ts'
import { comparableDate, type DateFormat, dateFormatOf, declaredDateFormat, formatDate } from './date-format.ts'

const DAY_MS = 86_400_000

/** Rows looked at, newest first, for one that has a date: a column full of NULLs must not cost a scan. */
const SAMPLED_ROWS = 1000
/** Anything else, such as `unknown` or an empty text, says nothing about the form of dates. */
const IS_DATE = `typeof("value") IN ('integer', 'real') OR "value" GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*'`

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
  readonly #declared: DateFormat | null

  constructor(table: TableInfo, column: ColumnInfo, kind: string) {
    this.#table = table
    this.#column = column
    this.#kind = kind
    this.#declared = kind === 'boolean' ? 'foreign' : declaredDateFormat(column)
  }

  /** A Date to be stored. */
  store(date: Date, path: string): string {
    const format = this.#known(date, path)
    return formatDate(date, format) ?? this.#refuse(date, format, path)
  }

  /** The moment as exactly as the column's form has it: cut to its seconds or its day. */
  stamp(now: Date, path: string): string {
    const format = this.#known(now, path)
    const second = new Date(Math.floor(now.getTime() / 1000) * 1000)
    const day = new Date(Math.floor(now.getTime() / DAY_MS) * DAY_MS)
    const text = [now, second, day].map((date) => formatDate(date, format)).find((written) => written !== null)
    return text ?? this.#refuse(now, format, path)
  }

  /** A Date to be compared with. */
  compare(date: Date, path: string): string {
    const format = this.#known(date, path)
    return comparableDate(date, format) ?? this.#refuse(date, format, path)
  }

  /** The form of one stored value, or what is usual where there is none. */
  async look(executor: Pick<Executor, 'execute'>): Promise<DateFormat> {
    return dateFormatOf(await this.#sample(executor)) ?? this.#assumed()
  }

  #known(date: Date, path: string): DateFormat {
    if (Number.isNaN(date.getTime())) throw new ValidationError({ subject: path, reason: 'is an invalid Date' })
    const format = this.#declared ?? formatsInUse?.get(this)
    if (format === undefined) throw new DateFormatNeeded(this)
    return format
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
    const order = indexed ? ` ORDER BY ${column} DESC` : newest
    const { rows } = await executor.execute({
      sql: `SELECT "value" FROM (SELECT ${column} AS "value" FROM ${table}${order} LIMIT ${SAMPLED_ROWS}) WHERE ${IS_DATE} LIMIT 1`,
    })
    return rows[0]?.value
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

/** The forms that the call being compiled has looked up; set for as long as its code runs without a pause. */
let formatsInUse: ReadonlyMap<DateColumn, DateFormat> | null = null

/** The forms of dates that one call has looked up. */
class DateFormats {
  readonly #found = new Map<DateColumn, DateFormat>()

  /** Runs `build`, which must not pause, with these forms. */
  use<T>(build: () => T): T {
    formatsInUse = this.#found
    try {
      return build()
    } finally {
      formatsInUse = null
    }
  }

  add(dates: DateColumn, format: DateFormat): void {
    this.#found.set(dates, format)
  }
}

/** {@link withDateFormats} for code without a pause; at once where no form has to be looked up, as in nearly every call. */
export function buildWithDateFormats<T>(executor: Pick<Executor, 'execute'>, build: () => T): T | Promise<T> {
  try {
    return build()
  } catch (signal) {
    if (!(signal instanceof DateFormatNeeded)) throw signal
    return withDateFormats(executor, (formats) => formats.use(build))
  }
}

/** Runs `build` until it needs no more forms of dates. It compiles values inside `formats.use()`. */
export async function withDateFormats<T>(
  executor: Pick<Executor, 'execute'>,
  build: (formats: DateFormats) => T | Promise<T>,
): Promise<T> {
  const formats = new DateFormats()
  for (;;) {
    try {
      return await build(formats)
    } catch (signal) {
      if (!(signal instanceof DateFormatNeeded)) throw signal
      formats.add(signal.dates, await signal.dates.look(executor))
    }
  }
}
