/** What every family of pictures is given: randomness, noise and a palette, all from the work's seed. */
import type { Palette } from './palette.ts'
import type { Noise, Random } from './random.ts'

export interface Sketch {
  readonly random: Random
  readonly noise: Noise
  readonly palette: Palette
}
