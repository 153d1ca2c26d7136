/**
 * Kysely in camelCase: the names of tables and columns that a query uses become those of the database, and those of the
 * result become camelCase again. Only names that the schema has are changed, by what the schema says and not by how they
 * are spelled, so that every name finds its way back; aliases and names of new tables stay as they are written.
 */
import {
  type IdentifierNode,
  type KyselyPlugin,
  OperationNodeTransformer,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  type QueryId,
  type QueryResult,
  type RootOperationNode,
  type TableNode,
  type UnknownRow,
} from 'kysely'
import { RefusedError, ValidationError } from '../errors.ts'

/** The names of one schema. */
export interface SchemaNames {
  /** For each name in JavaScript the names in the database, each with the tables that have it. */
  readonly stored: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>
  /** For each name in the database the one in JavaScript. */
  readonly properties: ReadonlyMap<string, string>
}

export class NamePlugin implements KyselyPlugin {
  readonly #names: () => SchemaNames | null

  /** @param names the names as they are now; `null` while the database has not been opened. */
  constructor(names: () => SchemaNames | null) {
    this.#names = names
  }

  transformQuery({ node, queryId }: PluginTransformQueryArgs): RootOperationNode {
    const names = this.#names()
    if (names === null) {
      const statement = "a query of getKysely() with introspection.naming: 'camelCase' before the database is open"
      throw new RefusedError({ statement, instead: 'Call await db.initialize() first: it reads the names.' })
    }
    return new StoredNames(names, node, queryId).transformNode(node, queryId)
  }

  async transformResult({ result }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    const names = this.#names()
    const [first] = result.rows
    if (names === null || first === undefined) return result
    const keys = Object.keys(first).map((key) => [key, names.properties.get(key) ?? key] as const)
    if (keys.every(([stored, property]) => stored === property)) return result
    const rename = (row: UnknownRow): UnknownRow =>
      Object.fromEntries(keys.map(([stored, property]) => [property, row[stored]]))
    return { ...result, rows: result.rows.map(rename) }
  }
}

class StoredNames extends OperationNodeTransformer {
  readonly #names: SchemaNames
  readonly #query: RootOperationNode
  readonly #queryId: QueryId
  #tables: ReadonlySet<string> | null = null

  constructor(names: SchemaNames, query: RootOperationNode, queryId: QueryId) {
    super()
    this.#names = names
    this.#query = query
    this.#queryId = queryId
  }

  protected override transformIdentifier(node: IdentifierNode): IdentifierNode {
    const choices = this.#names.stored.get(node.name)
    const [only, ...others] = choices?.keys() ?? []
    if (choices === undefined || only === undefined) return node
    return { ...node, name: others.length === 0 ? only : this.#choose(node.name, choices) }
  }

  /** A name that two tables spell differently: the one of the table that is in the query. */
  #choose(name: string, choices: ReadonlyMap<string, ReadonlySet<string>>): string {
    this.#tables ??= tablesIn(this.#query, this.#queryId)
    const inQuery = [...this.#tables].flatMap((table) => [table, ...(this.#names.stored.get(table)?.keys() ?? [])])
    const possible = [...choices].filter(([, tables]) => inQuery.some((table) => tables.has(table)))
    const [[found] = [name], ...others] = possible
    if (others.length === 0) return found
    throw new ValidationError({
      subject: `"${name}" in a query`,
      reason: `could mean ${possible.map(([stored]) => `"${stored}"`).join(' or ')}, depending on the table`,
      advice: "Write that part of the query with Kysely's sql tag and the name that the database has.",
    })
  }
}

/** The tables that a query names anywhere. */
function tablesIn(query: RootOperationNode, queryId: QueryId): ReadonlySet<string> {
  const tables = new Set<string>()
  class Tables extends OperationNodeTransformer {
    protected override transformTable(node: TableNode): TableNode {
      tables.add(node.table.identifier.name)
      return node
    }
  }
  new Tables().transformNode(query, queryId)
  return tables
}
