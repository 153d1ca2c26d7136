import { expect, it } from 'vitest'
import { createStyle } from './style.ts'
import { renderTable } from './table.ts'

const style = createStyle({}, {})

it('aligns columns by what is seen, numbers to the right, and leaves no blanks at line ends', () => {
  const text = renderTable(
    [{ title: 'name' }, { title: 'n', side: 'right' }, { title: 'note' }],
    [
      ['漢字', '1', ''],
      ['abc', '10', 'x'],
    ],
    style,
  )

  expect(text).toBe(['name   n  note', '漢字   1', 'abc   10  x'].join('\n'))
})

it('leaves out a column in which nobody has anything', () => {
  expect(renderTable([{ title: 'a' }, { title: 'b' }, { title: 'c' }], [['1', '', '3']], style)).toBe('a  c\n1  3')
})

it('breaks the last column into lines that fit', () => {
  const words = Array.from({ length: 30 }, (_, index) => `word${index}`).join(', ')
  const text = renderTable(
    [{ title: 'name' }, { title: 'words' }],
    [
      ['a', words],
      ['b', 'x'],
    ],
    style,
  )

  const lines = text.split('\n')
  expect(lines.every((line) => line.length <= 80)).toBe(true)
  expect(lines.length).toBeGreaterThan(3)
  expect(lines.slice(2, -1).every((line) => line.startsWith('      word'))).toBe(true)
  expect(text.replace(/\s+/g, ' ')).toContain(words)
})

it('lets no cell break its line or colour the rest', () => {
  expect(renderTable([{ title: 'name' }], [['a\n\u001b[31mb']], style)).toBe('name\na\\u{a}\\u{1b}[31mb')
})

it.each([
  ['a terminal', { isTTY: true, columns: 100 }, {}, true, 100],
  ['a terminal that says no width', { isTTY: true, columns: 0 }, {}, true, 80],
  ['a terminal with NO_COLOR', { isTTY: true, columns: 100 }, { NO_COLOR: '1' }, false, 100],
  ['a dumb terminal', { isTTY: true, columns: 100 }, { TERM: 'dumb' }, false, 100],
  ['a pipe', { columns: 100 }, {}, false, 80],
])('colours and fits %s', (_, stream, environment, coloured, width) => {
  const made = createStyle(stream, environment)

  expect(made.strong('x')).toBe(coloured ? '\u001b[1mx\u001b[22m' : 'x')
  expect(made.width).toBe(width)
})
