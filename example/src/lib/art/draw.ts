/** Draws a work from its style and seed: the same two always give the same picture, byte for byte. */
import { createPalette } from './palette.ts'
import { createNoise, createRandom } from './random.ts'
import { FAMILIES, type Style } from './styles.ts'
import { HEIGHT, WIDTH } from './svg.ts'

/** Counts up when the drawing changes, because browsers keep pictures for a year. */
export const DRAWING_VERSION = 1

export function draw(style: Style, seed: number): string {
  const random = createRandom(seed)
  const palette = createPalette(random)
  const noise = createNoise(random)
  const body = FAMILIES[style]({ random, noise, palette })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}">${body}</svg>`
}
