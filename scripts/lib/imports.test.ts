import { describe, expect, test } from 'vitest'
import { importsOf, packageOf } from './imports.ts'

const found = (text: string) =>
  importsOf({ path: 'src/a/b.ts', text }).map(({ specifier, typeOnly }) => `${typeOnly ? 'type ' : ''}${specifier}`)

describe('every way to import is seen', () => {
  test.each([
    ["import a from 'x'", ['x']],
    ["import { a, type B } from 'x'", ['x']],
    ["import { type A } from 'x'", ['x']],
    ["import * as a from 'x'", ['x']],
    ["import 'x'", ['x']],
    ["import{a}from'x'", ['x']],
    ['import a, { b } from "x" with { type: \'json\' }', ['x']],
    ["import {\n  a,\n  b,\n} from 'x'", ['x']],
    ["import type { A } from 'x'", ['type x']],
    ["import type A from 'x'", ['type x']],
    ["import type from 'x'", ['x']],
    ["export * from 'x'", ['x']],
    ["export * as a from 'x'", ['x']],
    ["export { a } from 'x'", ['x']],
    ["export type { A } from 'x'", ['type x']],
    ["export type * from 'x'", ['type x']],
    ["const a = await import('x')", ['x']],
    ["import('x').then(f)", ['x']],
    ["const a: import('x').Thing = b", ['type x']],
    ["const a: typeof import('x').Thing = b", ['type x']],
    ["const a = require('x')", ['x']],
    ["import { a } from 'x'\nimport { b } from 'y'", ['x', 'y']],
  ])('%s', (text, expected) => {
    expect(found(text)).toEqual(expected)
  })
})

describe('what only looks like an import is not one', () => {
  test.each([
    ["// import 'x'"],
    ["/** import { a } from 'x' */"],
    ['const a = "import \'x\'"'],
    ['const a = `import("x")`'],
    ["const from = 'x'"],
    ["export const a = 'x'"],
    ["export interface A { from: 'x' }"],
    ["export type A = { from: B } | 'x'"],
    ["export function from(a = 'x') {}"],
    ["array.from('x')"],
    ["loader.import('x')"],
  ])('%s', (text) => {
    expect(found(text)).toEqual([])
  })

  test('a type declared before an import does not make it a type import', () => {
    expect(found("export type { A }\nimport { b } from 'x'")).toEqual(['x'])
    expect(found("export interface A { readonly a: string }\nexport { b } from 'x'")).toEqual(['x'])
  })
})

test('a relative import names its file from the root, and its line', () => {
  const text = "import 'x'\n\nimport { a } from '../c/d.ts'"

  expect(importsOf({ path: 'src/a/b.ts', text })[1]).toEqual({
    specifier: '../c/d.ts',
    typeOnly: false,
    file: 'src/c/d.ts',
    line: 3,
  })
})

test('a package is named without the path inside it', () => {
  expect(['a/b/c', '@a/b/c', 'node:fs/promises'].map(packageOf)).toEqual(['a', '@a/b', 'node:fs'])
})
