import type { Naming, SchemaDescription } from '../../config/types.ts'
import { ValidationError } from '../../errors.ts'
import { schemaDrift } from '../../schema/drift.ts'
import { type GenerateOptions, generateTypes } from '../../schema/generate/generate-types.ts'
import { descriptionIn, isSameCode } from '../../schema/generate/generated-text.ts'
import { parseTypeMap } from '../../schema/generate/named-types.ts'
import { introspect } from '../../schema/introspect.ts'
import { describeSchema } from '../../schema/schema-description.ts'
import { openReadOnly, type ReadOnlyFile } from '../../sqlite/read-only-file.ts'
import { type Command, FILE, type Input, type Outcome } from '../command.ts'
import { generatedPath, readGenerated, readTypeFile, writeGenerated } from '../generated-file.ts'
import { type Generated, renderGenerated } from '../render/generated.ts'
import { counted } from '../render/text.ts'
import { watchSchema } from '../watch-schema.ts'

/** Relative to the working directory. */
const DEFAULT_OUT = 'database.types.ts'

/** `noormme generate FILE` */
export const generate: Command = {
  name: 'generate',
  summary: 'Write the types of a database, so that NOORMME is typed by them',
  arguments: [FILE],
  options: [
    { name: 'out', value: 'PATH', about: `the file to write (default: ${DEFAULT_OUT})` },
    { name: 'naming', value: 'NAMING', about: 'introspection.naming: stored (default) or camelCase' },
    { name: 'dates', value: 'DATES', about: 'introspection.dates: text (default) or date' },
    { name: 'types', value: 'JSON', about: 'a JSON file: "table.column" and its TypeScript type' },
    { name: 'check', about: 'write nothing; end with 1 when the file is not up to date' },
    { name: 'watch', about: 'write again with every change of the schema, until Ctrl+C' },
  ],
  examples: [
    'noormme generate app.db --out src/database.types.ts',
    'noormme generate app.db --out src/database.types.ts --check',
  ],
  notes: [
    'The database is only looked at. A file that says the same is not written again.',
    'Only a file that was generated is overwritten.',
  ],
  run: async (input, { say }) => {
    const { check, watch } = input.options
    if (check !== undefined && watch !== undefined) throw mistake('--check', 'and --watch exclude each other')
    const path = input.arguments.FILE ?? ''
    const out = generatedPath(input.options.out ?? DEFAULT_OUT)
    const options = optionsFrom(input)
    if (watch !== undefined) return watched(path, out, options, say)
    using file = openReadOnly(path)
    return outcome(await generated(file, out, options, { write: check === undefined }))
  },
}

async function watched(path: string, out: string, options: GenerateOptions, say: Say): Promise<Outcome> {
  let last: Generated | null = null
  let written = 0
  await watchSchema(
    path,
    async (file) => {
      const found = await generated(file, out, options, { write: true })
      if (found.state !== 'unchanged') written++
      last = found
      say((style) => renderGenerated(found, style))
    },
    (error) => say((style) => style.bad(error.message)),
  )
  return { code: 0, json: { out, written, last }, text: () => `written ${counted(written, 'time')}` }
}

type Say = Parameters<Command['run']>[1]['say']

async function generated(
  file: ReadOnlyFile,
  out: string,
  options: GenerateOptions,
  { write }: { readonly write: boolean },
): Promise<Generated> {
  const schema = await introspect(file, options.naming)
  const text = generateTypes(schema, options)
  const before = readGenerated(out)
  const isSame = before !== null && isSameCode(before, text)
  if (write && !isSame) writeGenerated(out, text)

  const now = describeSchema(schema, options)
  const changes = before === null || isSame ? [] : changesBetween(descriptionIn(before), now)
  const state = isSame ? 'unchanged' : write ? 'written' : before === null ? 'missing' : 'stale'
  return { file: file.path, out, state, tables: Object.keys(now.tables).length, changes }
}

/** What the file says and the database does not, and the other way round. */
function changesBetween(before: SchemaDescription | null, now: SchemaDescription): string[] {
  if (before === null) return ['the file does not say what it was made from']
  const changed = (['naming', 'dates'] as const).filter((key) => before[key] !== now[key])
  const settings = changed.map((key) => `${key} is '${now[key]}', in the types '${before[key]}'`)
  const changes = [...settings, ...schemaDrift(before, now)]
  return changes.length > 0 ? changes : ['the file was edited, or made with other --types or by another version']
}

function outcome(found: Generated): Outcome {
  const code = found.state === 'stale' || found.state === 'missing' ? 1 : 0
  return { code, json: found, text: (style) => renderGenerated(found, style) }
}

function optionsFrom({ options }: Input): GenerateOptions {
  return {
    naming: oneOf<Naming>('naming', options.naming, ['stored', 'camelCase']),
    dates: oneOf<'text' | 'date'>('dates', options.dates, ['text', 'date']),
    types: options.types === undefined ? {} : parseTypeMap(readTypeFile(options.types), options.types),
  }
}

/** The first is the default. */
function oneOf<Word extends string>(name: string, given: string | undefined, words: readonly [Word, ...Word[]]): Word {
  const word = words.find((each) => each.toLowerCase() === (given ?? words[0]).toLowerCase())
  if (word !== undefined) return word
  throw mistake(`--${name}`, `must be ${words.join(' or ')}, got ${JSON.stringify(given)}`)
}

function mistake(subject: string, reason: string): ValidationError {
  return new ValidationError({ subject, reason, advice: 'See noormme generate --help' })
}
