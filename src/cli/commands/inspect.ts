import { introspect } from '../../schema/introspect.ts'
import { findTable } from '../../schema/lookup.ts'
import { openReadOnly } from '../../sqlite/read-only-file.ts'
import { type Command, FILE } from '../command.ts'
import { renderSchema } from '../render/schema.ts'
import { renderTableInfo } from '../render/table-info.ts'

/** `noormme inspect FILE [TABLE]` */
export const inspect: Command = {
  name: 'inspect',
  summary: 'Show the tables of a database, or all of one table',
  arguments: [
    FILE,
    { name: 'TABLE', about: 'a table or view: shows its columns, keys, indexes, relations', optional: true },
  ],
  options: [],
  examples: ['noormme inspect app.db', 'noormme inspect app.db users --json'],
  notes: ['Only looks: no file is changed, and no row is read or counted.'],
  run: async ({ arguments: { FILE: path = '', TABLE: name } }) => {
    using file = openReadOnly(path)
    const schema = await introspect(file)
    if (name === undefined) {
      return { code: 0, json: { file: file.path, ...schema }, text: (style) => renderSchema(file.path, schema, style) }
    }
    const table = findTable(schema, name)
    return { code: 0, json: { file: file.path, table }, text: (style) => renderTableInfo(table, style) }
  },
}
