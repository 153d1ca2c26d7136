import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { canCompile, compileExtension } from '../../test/support/compile-extension.ts'
import { openConnection, thrownBy } from '../../test/support/open-connection.ts'
import { tempFolder } from '../../test/support/temp-folder.ts'
import { InitializationError, StatementError, ValidationError } from '../errors.ts'

function setupModule(source: string, name = 'setup.mjs'): string {
  const file = join(tempFolder(), name)
  writeFileSync(file, source)
  return file
}

test.skipIf(!canCompile)('a loadable extension is there on every connection, before the schema is read', async () => {
  const folder = tempFolder()
  const libraries = [compileExtension(folder, 'answer', 42)]
  const writer = await openConnection({ extensions: { libraries } })
  writer.write('CREATE TABLE t (a, b AS (answer()) STORED)', [])
  writer.write('CREATE INDEX i ON t (a + answer())', [])
  writer.write('INSERT INTO t (a) VALUES (1)', [])
  const reader = await openConnection({ path: writer.path, role: 'reader', extensions: { libraries } })

  expect(reader.objects('SELECT a, b FROM t WHERE a + answer() = 43', [])).toEqual([{ a: 1, b: 42 }])
})

test.skipIf(!canCompile)('of two extensions the later one has the last word', async () => {
  const folder = tempFolder()
  const libraries = [compileExtension(folder, 'first', 1), compileExtension(folder, 'second', 2)]
  const connection = await openConnection({ extensions: { libraries } })

  expect(connection.objects('SELECT answer() AS a', [])).toEqual([{ a: 2 }])
})

test('an extension that cannot be loaded is named', async () => {
  const missing = join(tempFolder(), 'missing.so')
  const text = setupModule('this is no library', 'text.so')

  for (const library of [missing, text]) {
    const opening = openConnection({ extensions: { libraries: [library] } })
    await expect(opening).rejects.toBeInstanceOf(InitializationError)
    await expect(opening).rejects.toThrow(library)
  }
})

test('a function of the setup module may stand in an index and in a generated column', async () => {
  const setup = setupModule(`export default (connection) => {
    connection.function('slug', { deterministic: true }, (text) => text.toLowerCase().replaceAll(' ', '-'))
  }`)
  const connection = await openConnection({ extensions: { setup: pathToFileURL(setup).href } })
  connection.write('CREATE TABLE t (title, slug AS (slug(title)))', [])
  connection.write('CREATE UNIQUE INDEX t_slug ON t (slug(title))', [])
  connection.write('INSERT INTO t (title) VALUES (?)', ['The Moon'])

  const reader = await openConnection({ path: connection.path, role: 'reader', extensions: { setup } })
  expect(reader.objects("SELECT slug FROM t WHERE slug(title) = 'the-moon'", [])).toEqual([{ slug: 'the-moon' }])
  expect(thrownBy(() => connection.write('INSERT INTO t (title) VALUES (?)', ['the moon']))).toMatchObject({
    code: 'NOORMME_UNIQUE',
  })

  const without = await openConnection({ path: connection.path })
  expect(thrownBy(() => without.write("INSERT INTO t (title) VALUES ('x')", []))).toMatchObject({
    code: 'NOORMME_STATEMENT',
  })
})

test('arguments and results of a function follow the rules of bound values', async () => {
  const setup = setupModule(`export default (connection) => {
    connection.function('echo', {}, (value) => value)
    connection.function('kind', {}, (value) => value === null ? 'null' : value.constructor.name)
    connection.function('yes', {}, () => true)
    connection.function('absent', {}, () => undefined)
    connection.function('count', { varargs: true }, (...values) => values.length)
    connection.function('moment', {}, () => new Date(0))
    connection.function('bad', {}, () => Number.NaN)
  }`)
  const connection = await openConnection({ extensions: { setup } })

  for (const value of [1, 0.5, 'text', 2n ** 60n, new Uint8Array([1, 2]), null]) {
    expect(connection.arrays('SELECT echo(?), typeof(echo(?1)) = typeof(?1)', [value]).rows).toEqual([[value, 1]])
  }
  expect(
    connection.arrays("SELECT kind(1), kind(1152921504606846976), kind(0.5), kind('a'), kind(x'00'), kind(NULL)", [])
      .rows,
  ).toEqual([['Number', 'BigInt', 'Number', 'String', 'Uint8Array', 'null']])
  expect(
    connection.arrays('SELECT yes(), absent(), count(), count(1, 2), moment(), CAST(echo(1) AS TEXT)', []).rows,
  ).toEqual([[1, null, 0, 2, '1970-01-01T00:00:00.000Z', '1']])
  expect(thrownBy(() => connection.arrays('SELECT bad()', []))).toBeInstanceOf(ValidationError)
  expect(thrownBy(() => connection.arrays('SELECT echo(1, 2)', []))).toBeInstanceOf(StatementError)
})

test('an aggregate sums exactly, a group at a time', async () => {
  const setup = setupModule(`export default (connection) => {
    connection.aggregate('total_of', { start: () => 0n, step: (total, value) => total + BigInt(value), result: (total) => total })
    connection.aggregate('joined', { deterministic: true, start: () => [], step: (all, a, b) => [...all, a + b], result: (all) => all.join('|') })
  }`)
  const connection = await openConnection({ extensions: { setup } })
  connection.write('CREATE TABLE t (g, a)', [])
  connection.write('INSERT INTO t VALUES (1, 9007199254740993), (1, 1), (2, 5)', [])

  expect(connection.arrays('SELECT g, total_of(a) FROM t GROUP BY g ORDER BY g', []).rows).toEqual([
    [1, 2n ** 53n + 2n],
    [2, 5],
  ])
  expect(connection.arrays("SELECT joined('a', g) FROM t WHERE g = 2", []).rows).toEqual([['a2']])
  expect(connection.arrays('SELECT total_of(a) FROM t WHERE 0', []).rows).toEqual([[0]])
})

test('what a function throws is told by its kind and place, without the values it may quote', async () => {
  const setup = setupModule(`export default (connection) => {
    connection.function('strict', {}, function checkStrictly(value) { throw new RangeError('not allowed: ' + value) })
    connection.function('rude', {}, (value) => { throw value })
    connection.aggregate('broken', { start: () => 0, step: () => { throw new Error('x') }, result: () => 0 })
  }`)
  const connection = await openConnection({ extensions: { setup } })

  const error = thrownBy(() => connection.arrays('SELECT strict(?)', ['MARKER'])) as StatementError
  expect(error).toBeInstanceOf(StatementError)
  expect(error.message).toContain('strict() threw RangeError')
  expect(inspect(error)).toContain('checkStrictly')
  expect(inspect(error)).not.toContain('MARKER')

  expect(inspect(thrownBy(() => connection.arrays('SELECT rude(?)', ['MARKER'])))).not.toContain('MARKER')
  expect(thrownBy(() => connection.arrays('SELECT broken(1)', []))).toBeInstanceOf(StatementError)
  expect(connection.arrays('SELECT 1', []).rows).toEqual([[1]])
})

test('an asynchronous setup is waited for', async () => {
  const setup = setupModule(`export default async (connection) => {
    await new Promise((resolve) => setImmediate(resolve))
    connection.function('late', {}, () => 1)
  }`)

  expect((await openConnection({ extensions: { setup } })).arrays('SELECT late()', []).rows).toEqual([[1]])
})

test.each([
  ['throws', 'export default () => { throw new Error("out of order") }', /out of order/],
  ['rejects', 'export default async () => { throw new Error("out of order") }', /out of order/],
  ['has no default export', 'export const setup = () => {}', /no default export/],
  ['exports something else', 'export default { function: 1 }', /no default export/],
  ['cannot be parsed', 'export default (', /failed/],
  [
    'defines a function wrongly',
    'export default (c) => c.function("f", {}, "no function")',
    /f\(\) must be given a function/,
  ],
  [
    'defines an aggregate wrongly',
    'export default (c) => c.aggregate("g", { start: () => 0, step: () => 0 })',
    /g\(\) must be given a function/,
  ],
])('a setup module that %s is an error that names it', async (_name, source, reason) => {
  const setup = setupModule(source)
  const opening = openConnection({ extensions: { setup } })

  await expect(opening).rejects.toBeInstanceOf(InitializationError)
  await expect(opening).rejects.toThrow(reason)
  await expect(opening).rejects.toThrow(setup)
})
