import { expect, test } from 'vitest'
import { lineOf, progressLine } from './progress.ts'

test('a line says how far something has come', () => {
  expect(lineOf({ phase: 'copying', bytes: 512 * 1024, totalBytes: 2 ** 20 })).toBe(
    'copying  ████████████░░░░░░░░░░░░ 50 % of 1 MiB',
  )
  expect(lineOf({ phase: 'checking', bytes: 0, totalBytes: 0 })).toContain('100 %')
})

test('it is drawn on a terminal alone, and cleared at the end', () => {
  for (const isTTY of [true, false]) {
    let written = ''
    const write = (text: string): boolean => {
      written += text
      return true
    }
    const stream = { isTTY, write }
    const line = progressLine(stream as unknown as NodeJS.WriteStream)
    line.draw({ phase: 'copying', bytes: 1, totalBytes: 1 })
    line.done()

    expect(written !== '').toBe(isTTY)
    if (isTTY) expect(written.endsWith('\r\u001b[2K')).toBe(true)
  }
})
