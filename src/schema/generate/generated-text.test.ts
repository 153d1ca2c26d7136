import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ROOT } from '../../../scripts/lib/report.ts'
import { schemaOf } from '../../../test/support/schema-of.ts'
import { describeSchema } from '../schema-description.ts'
import { generateTypes } from './generate-types.ts'
import { descriptionIn, isSameCode } from './generated-text.ts'

const FILE = readFileSync(new URL('../../../test/types/registered/database.types.ts', import.meta.url), 'utf8')

const FORMATS = [
  ['--javascript-formatter-quote-style=double', '--semicolons=always', '--line-width=40'],
  ['--semicolons=always', '--trailing-commas=none', '--indent-style=tab', '--line-width=200'],
]

function format(text: string, flags: readonly string[]): string {
  const biome = join(ROOT, 'node_modules/@biomejs/biome/bin/biome')
  const args = [biome, 'format', '--stdin-file-path=database.types.ts', ...flags]
  return execFileSync(process.execPath, args, { input: text, encoding: 'utf8' })
}

describe('a file that a formatter has been over', () => {
  test.each(FORMATS)('says the same with %s %s', (...flags) => {
    const formatted = format(FILE, flags)

    expect(formatted).not.toBe(FILE)
    expect(isSameCode(formatted, FILE)).toBe(true)
    expect(descriptionIn(formatted)).toEqual(descriptionIn(FILE))
  })
})

describe('another file', () => {
  test.each([
    ['another text', "'reader'", "'rea der'"],
    ['another type', 'id: Generated<number>', 'id: number'],
    ['a member of a union less', "'reader' | 'author'", "'reader'"],
    ['another name', 'export type Post =', 'export type Pst ='],
    ['a quote that is part of a text', '"it\'s admin"', "'its admin'"],
  ])('differs by %s', (_, before, after) => {
    expect(FILE).toContain(before)
    expect(isSameCode(FILE.replace(before, after), FILE)).toBe(false)
  })
})

describe('the description', () => {
  test('is read as it was written, whatever the names are', async () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }).filter((text) => !text.includes('\0'))
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(name, { minLength: 1, maxLength: 5, selector: (text) => text.toLowerCase() }),
        async (names) => {
          const columns = [...names, '__proto__'].map((each) => `"${each.replaceAll('"', '""')}" TEXT`).join(', ')
          const schema = await schemaOf(`CREATE TABLE "${names[0]?.replaceAll('"', '""')} x" (${columns})`)
          const text = generateTypes(schema, { naming: 'stored', dates: 'date', types: {} })

          expect(descriptionIn(text)).toEqual(describeSchema(schema, { naming: 'stored', dates: 'date' }))
        },
      ),
      { numRuns: 50 },
    )
  })

  test.each([
    '',
    'export const schema: SchemaDescription = {',
    'export const schema: SchemaDescription = { a: 1 }',
    'export const schema: SchemaDescription = {}',
  ])('is not found in %j', (text) => {
    expect(descriptionIn(text)).toBeNull()
  })
})
