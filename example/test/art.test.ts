/** The pictures: the same from the same seed, small, and well-formed. */
import { expect, test } from 'vitest'
import { draw } from '../src/lib/art/draw.ts'
import { STYLES } from '../src/lib/art/styles.ts'

const SEEDS = Array.from({ length: 80 }, (_, index) => 1 + index * 13_007_843)

test.each(STYLES)('%s are under 20 KB and well-formed whatever the seed', (style) => {
  for (const seed of SEEDS) {
    const picture = draw(style, seed)
    expect(Buffer.byteLength(picture), `seed ${seed}`).toBeLessThan(20_000)
    expect(picture, `seed ${seed}`).not.toMatch(/NaN|undefined|Infinity/)
    expect(unclosed(picture), `seed ${seed}`).toEqual([])
  }
})

test.each(STYLES)('%s are the same from the same seed, and others from another', (style) => {
  const pictures = SEEDS.map((seed) => draw(style, seed))

  expect(SEEDS.map((seed) => draw(style, seed))).toEqual(pictures)
  expect(new Set(pictures).size).toBe(SEEDS.length)
})

/** Elements that are opened and never closed, or closed and never opened. */
function unclosed(markup: string): string[] {
  const open: string[] = []
  for (const [, closing, name = '', empty] of markup.matchAll(/<(\/?)([\w]+)(?:\s[\w:-]+="[^"<>]*")*\s?(\/?)>|</g)) {
    if (closing === '/') {
      if (open.pop() !== name) return [`</${name}>`]
    } else if (empty !== '/') open.push(name)
  }
  return open
}
