/** The rules of all tables, from the configuration, looked up as repositories are asked for. */
import type { TableConfig } from '../../config/table-options.ts'
import { ConfigError, type ConfigProblem } from '../../errors.ts'
import { foldName } from '../../schema/naming.ts'
import type { SchemaInfo, TableInfo } from '../../schema/types.ts'
import { nearest } from '../../util/nearest.ts'
import { type TableRules, type Timestamps, tableRules } from './table-rules.ts'

const NOTHING: TableConfig = {}

export class RuleBook {
  readonly #tables: ReadonlyMap<string, { readonly name: string; readonly config: TableConfig }>
  readonly #timestamps: Timestamps
  /** By the table as it is: a changed schema has other TableInfo objects. */
  readonly #known = new WeakMap<TableInfo, ReturnType<typeof tableRules>>()

  constructor({
    tables,
    timestamps,
  }: {
    readonly tables: ReadonlyMap<string, TableConfig>
    readonly timestamps: Timestamps
  }) {
    this.#tables = new Map([...tables].map(([name, config]) => [foldName(name), { name, config }]))
    this.#timestamps = timestamps
  }

  /** @throws ConfigError when the table cannot follow them. */
  readonly rulesOf = (table: TableInfo): TableRules => {
    const { rules, problems } = this.#look(table)
    if (problems.length > 0) throw new ConfigError({ problems })
    return rules
  }

  /** @throws ConfigError naming every table and column that is not there, or cannot be kept. */
  check({ tables, toolTables }: SchemaInfo): void {
    const names = new Set([...tables, ...toolTables].map(({ name }) => foldName(name)))
    const missing = [...this.#tables.values()].flatMap(({ name }): ConfigProblem[] => {
      if (names.has(foldName(name))) return []
      const [meant] = nearest(
        name,
        tables.map((table) => table.name),
      )
      const hint = meant === undefined ? 'where a migration makes it, call migrate() first' : `did you mean "${meant}"?`
      return [{ path: `tables.${name}`, message: `names no table of the database; ${hint}` }]
    })
    const problems = [...missing, ...tables.flatMap((table) => this.#look(table).problems)]
    if (problems.length > 0) throw new ConfigError({ problems })
  }

  #look(table: TableInfo): ReturnType<typeof tableRules> {
    let found = this.#known.get(table)
    if (found === undefined) {
      const config = this.#tables.get(foldName(table.name))?.config ?? NOTHING
      found = tableRules(table, config, this.#timestamps)
      this.#known.set(table, found)
    }
    return found
  }
}
