/**
 * Palettes: a mood names a ground, a ramp between two colours and an accent; the seed turns all of them a little, so
 * that no two works share exactly the same colours and none of them clash.
 */
import { mixColors, type Oklch, shade, toHex } from './color.ts'
import type { Random } from './random.ts'

export interface Palette {
  readonly dark: boolean
  readonly ground: string
  readonly accent: string
  /** The colour of a sun (or on a dark ground, a moon): always warm or pale. */
  readonly sun: string
  /** A quiet line colour that is readable on the ground. */
  readonly ink: string
  /** From the ground's side (0) to the far end (1) of the ramp. */
  ramp(t: number): string
  /** The ramp made lighter (above 0) or darker (below 0). */
  shaded(t: number, by: number): string
  /** The ground, lighter or darker. */
  groundShaded(by: number): string
}

type Mood = readonly [ground: Oklch, from: Oklch, middle: Oklch, to: Oklch, accent: Oklch]

const lch = (l: number, c: number, h: number): Oklch => ({ l, c, h })

const MOODS: readonly [Mood, ...Mood[]] = [
  // honey: cream, wax, amber, treacle
  [lch(0.96, 0.025, 88), lch(0.88, 0.11, 92), lch(0.76, 0.15, 74), lch(0.4, 0.09, 52), lch(0.62, 0.17, 42)],
  // dusk: peach sky over violet hills
  [lch(0.9, 0.05, 60), lch(0.82, 0.1, 45), lch(0.58, 0.13, 5), lch(0.3, 0.09, 300), lch(0.9, 0.13, 85)],
  // lagoon: foam to deep teal, coral
  [lch(0.95, 0.02, 190), lch(0.85, 0.07, 190), lch(0.64, 0.1, 210), lch(0.34, 0.08, 240), lch(0.72, 0.16, 35)],
  // moss: lichen to fir, rust
  [lch(0.94, 0.03, 110), lch(0.84, 0.09, 118), lch(0.6, 0.11, 138), lch(0.33, 0.06, 160), lch(0.64, 0.16, 45)],
  // night: ink, indigo, lilac, lamp light
  [lch(0.22, 0.05, 270), lch(0.36, 0.1, 275), lch(0.55, 0.14, 295), lch(0.84, 0.08, 310), lch(0.88, 0.14, 88)],
  // ember: charcoal to flame
  [lch(0.2, 0.025, 40), lch(0.35, 0.09, 30), lch(0.6, 0.19, 38), lch(0.86, 0.14, 82), lch(0.94, 0.08, 95)],
  // blossom: rose paper, plum
  [lch(0.95, 0.02, 10), lch(0.87, 0.07, 8), lch(0.7, 0.13, 2), lch(0.38, 0.1, 345), lch(0.7, 0.12, 140)],
  // delft: china white to cobalt, saffron
  [lch(0.96, 0.012, 240), lch(0.84, 0.06, 245), lch(0.58, 0.14, 258), lch(0.32, 0.12, 268), lch(0.82, 0.15, 80)],
  // terracotta: plaster, clay, oxblood, sky
  [lch(0.93, 0.03, 70), lch(0.82, 0.08, 58), lch(0.62, 0.14, 38), lch(0.34, 0.09, 25), lch(0.68, 0.09, 225)],
  // aurora: night green
  [lch(0.2, 0.04, 230), lch(0.38, 0.08, 205), lch(0.65, 0.14, 170), lch(0.9, 0.13, 140), lch(0.78, 0.15, 340)],
  // meadow: sky, clover, buttercup
  [lch(0.94, 0.03, 220), lch(0.86, 0.09, 130), lch(0.68, 0.13, 148), lch(0.36, 0.07, 175), lch(0.87, 0.16, 95)],
  // heather: fog to bilberry, gold
  [lch(0.93, 0.015, 310), lch(0.8, 0.06, 315), lch(0.58, 0.11, 310), lch(0.31, 0.08, 290), lch(0.8, 0.14, 78)],
  // graphite: paper and soot, one red
  [lch(0.95, 0.008, 80), lch(0.83, 0.012, 80), lch(0.55, 0.015, 70), lch(0.24, 0.012, 60), lch(0.6, 0.2, 30)],
  // harvest: straw, rust, pine
  [lch(0.95, 0.03, 95), lch(0.85, 0.12, 88), lch(0.65, 0.15, 52), lch(0.35, 0.06, 185), lch(0.5, 0.15, 25)],
  // abyss: deep sea, jellyfish
  [lch(0.19, 0.05, 250), lch(0.32, 0.09, 245), lch(0.58, 0.13, 225), lch(0.88, 0.09, 195), lch(0.76, 0.16, 20)],
  // candlelight: brown dark, honey
  [lch(0.21, 0.03, 65), lch(0.36, 0.07, 62), lch(0.64, 0.13, 72), lch(0.9, 0.11, 90), lch(0.7, 0.12, 200)],
  // riviera: sand, coral, petrol
  [lch(0.95, 0.025, 80), lch(0.87, 0.1, 75), lch(0.68, 0.16, 32), lch(0.36, 0.07, 215), lch(0.62, 0.1, 195)],
  // carnival: lemon, magenta, indigo
  [lch(0.95, 0.03, 100), lch(0.88, 0.14, 95), lch(0.64, 0.19, 15), lch(0.34, 0.13, 285), lch(0.7, 0.12, 190)],
  // first light: ice, peach, slate
  [lch(0.95, 0.015, 230), lch(0.86, 0.07, 215), lch(0.78, 0.1, 50), lch(0.4, 0.06, 265), lch(0.72, 0.16, 45)],
  // orchard: mint, apricot, aubergine
  [lch(0.94, 0.03, 160), lch(0.84, 0.08, 165), lch(0.77, 0.13, 65), lch(0.35, 0.09, 330), lch(0.65, 0.17, 25)],
  // neon night: navy, violet, rose, lemon
  [lch(0.2, 0.06, 280), lch(0.4, 0.14, 285), lch(0.65, 0.19, 350), lch(0.9, 0.12, 85), lch(0.82, 0.12, 195)],
  // deep wood: pine dark, teal, gold
  [lch(0.2, 0.03, 190), lch(0.37, 0.06, 195), lch(0.6, 0.1, 160), lch(0.86, 0.13, 88), lch(0.72, 0.15, 45)],
  // peacock: paper, turquoise, violet
  [lch(0.95, 0.015, 150), lch(0.83, 0.1, 175), lch(0.6, 0.12, 230), lch(0.36, 0.13, 300), lch(0.8, 0.15, 80)],
  // volcano: ash, crimson, marigold
  [lch(0.21, 0.02, 350), lch(0.34, 0.1, 10), lch(0.58, 0.19, 25), lch(0.87, 0.14, 80), lch(0.68, 0.09, 220)],
]

const PALE = lch(0.97, 0.05, 90)

/** From rose through orange to yellow. */
const warm = ({ h }: Oklch): boolean => (h > -10 && h < 105) || h > 340

/** A palette by seed: one of the moods, hues turned by up to ten degrees. */
export function createPalette(random: Random): Palette {
  const turn = random.between(-10, 10)
  const [ground, from, middle, to, accent] = random.pick(MOODS).map((c) => ({ ...c, h: c.h + turn })) as unknown as Mood
  const dark = ground.l < 0.5
  const at = (t: number): Oklch => {
    const bounded = Math.min(1, Math.max(0, t))
    return bounded < 0.5 ? mixColors(from, middle, bounded * 2) : mixColors(middle, to, bounded * 2 - 1)
  }

  return {
    dark,
    ground: toHex(ground),
    accent: toHex(accent),
    sun: toHex(dark ? mixColors(to, PALE, 0.55) : warm(accent) ? accent : mixColors(from, PALE, 0.7)),
    ink: toHex(dark ? shade(to, 0.04) : shade(to, -0.06)),
    ramp: (t) => toHex(at(t)),
    shaded: (t, by) => toHex(shade(at(t), by)),
    groundShaded: (by) => toHex(shade(ground, by)),
  }
}
