import { describe, expect, it } from 'vitest'
import { bytes, displayWidth, pad, printable } from './text.ts'

describe('printable', () => {
  it.each([
    ['\u001b[31mred', '\\u{1b}[31mred'],
    ['two\nlines\r', 'two\\u{a}lines\\u{d}'],
    ['nul\0', 'nul\\u{0}'],
    ['turned \u202Eround', 'turned \\u{202e}round'],
    ['half \uD83D', 'half \\u{d83d}'],
    ['größe 漢字 🗄', 'größe 漢字 🗄'],
  ])('shows %j so that it does nothing to the terminal', (text, shown) => {
    expect(printable(text)).toBe(shown)
  })
})

describe('displayWidth', () => {
  it.each([
    ['abc', 3],
    ['', 0],
    ['größe', 5],
    ['u\u0308ber', 4],
    ['漢字', 4],
    ['ひらがな', 8],
    ['한글', 4],
    ['🎨', 2],
    ['👩‍👩‍👧', 2],
  ])('of %j is %i', (text, width) => {
    expect(displayWidth(text)).toBe(width)
  })
})

it('pads to a width that is seen, not counted', () => {
  expect(pad('漢', 4, 'left')).toBe('漢  ')
  expect(pad('7', 3, 'right')).toBe('  7')
  expect(pad('too long', 3, 'left')).toBe('too long')
})

it.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [1024, '1 KiB'],
  [1536, '1.5 KiB'],
  [64 * 2 ** 20, '64 MiB'],
  [150.5 * 2 ** 30, '151 GiB'],
])('writes %i bytes as %s', (count, text) => {
  expect(bytes(count)).toBe(text)
})
