// biome-ignore-all lint/suspicious/noTemplateCurlyInString: text of templates is what this is about
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mask } from './mask.ts'

describe('what is not code', () => {
  test.each([
    ['a line comment', "a // import 'b'\nc", 'a              \nc'],
    ['a block comment over lines', 'a /* x\ny */ b', 'a     \n     b'],
    ['strings keep their quotes', `f('a\\'b', "c")`, `f('    ', " ")`],
    ['a template with code in it', 'f(`a ${b + `c${d}e`} f`)', 'f(`  ${b + ` ${d} `}  `)'],
    ['an object in a template', 'f(`a${ { b: 1 } }c`)', 'f(` ${ { b: 1 } } `)'],
    ['a regular expression with a quote and a class', "s.match(/['/]/g)", 's.match(/    /g)'],
    ['a regular expression after return', 'return /"/', 'return / /'],
    ['a division is not a regular expression', "a / b / 'c'", "a / b / ' '"],
    ['a division after a bracket', "(a) / 2 // 'c", '(a) / 2      '],
    ['a first line for the shell', '#!/usr/bin/env node\na', '                   \na'],
    ['a string left open ends with its line', "a 'b\nc", "a ' \nc"],
    ['a template left open', 'a `b', 'a ` '],
  ])('%s is blanked', (_, text, expected) => {
    const code = mask(text)

    expect(code).toBe(expected)
  })
})

test('length and line breaks never change, whatever the text', () => {
  const piece = fc.constantFrom(
    '`',
    '${',
    '}',
    '{',
    "'",
    '"',
    '/',
    '*',
    '\\',
    '\n',
    '[',
    ']',
    'a',
    ' ',
    '//',
    '/*',
    '*/',
    '😀',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join('')

      const code = mask(text)

      expect(code.length).toBe(text.length)
      expect(code.replace(/[^\n]/g, '')).toBe(text.replace(/[^\n]/g, ''))
    }),
    { numRuns: 2000 },
  )
})
