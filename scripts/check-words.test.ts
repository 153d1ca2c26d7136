import { describe, expect, test } from 'vitest'
import { checkWords } from './check-words.ts'
import { silent, tree } from './lib/tree.ts'

const problems = async (text: string, path = 'src/a.ts') => checkWords(await tree({ [path]: text }), silent)

describe('refused', () => {
  test.each([
    ['// TODO later', 'src/a.ts:1 has "TODO"'],
    ['\n/* FIXME */', 'src/a.ts:2 has "FIXME"'],
    ["throw new Error('Not implemented')", 'has "Not implemented"'],
    ['const placeholder = 1', 'has "placeholder"'],
    ["test.only('a', f)", 'has "test.only"'],
    ["describe.concurrent.only('a', f)", 'has "describe.concurrent.only"'],
    ['try { a() } catch {}', 'has an empty catch'],
    ['try { a() } catch (error) {\n}', 'has an empty catch'],
  ])('%s', async (text, expected) => {
    expect(await problems(text)).toEqual([expect.stringContaining(expected)])
  })

  test('in test as in src', async () => {
    expect(await problems('// XXX', 'test/promises/a.test.ts')).toEqual([expect.stringContaining('XXX')])
  })
})

describe('allowed', () => {
  test.each([
    ['const todos = getTodo()'],
    ["const text = 'test.only(1)'"],
    ['// it.only(1) would silence the rest'],
    ['try { a() } catch { return null }'],
    ['try { a() } catch {\n  // The file is gone, which is what was wanted.\n}'],
    ["try { a() } catch (error) { throw new B('', { cause: error }) }"],
  ])('%s', async (text) => {
    expect(await problems(text)).toEqual([])
  })
})
