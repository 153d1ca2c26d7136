/**
 * Colour in OKLCH, where equal steps look equal: mixing and shading stay clean instead of turning to mud.
 * https://bottosson.github.io/posts/oklab/
 */

/** Lightness 0 to 1, chroma 0 to about 0.3, hue in degrees. */
export interface Oklch {
  readonly l: number
  readonly c: number
  readonly h: number
}

interface Oklab {
  readonly l: number
  readonly a: number
  readonly b: number
}

const toLab = ({ l, c, h }: Oklch): Oklab => ({
  l,
  a: c * Math.cos((h * Math.PI) / 180),
  b: c * Math.sin((h * Math.PI) / 180),
})

const fromLab = ({ l, a, b }: Oklab): Oklch => ({ l, c: Math.hypot(a, b), h: (Math.atan2(b, a) * 180) / Math.PI })

/** The colour `t` of the way from one to the other, by way of what lies between them. */
export function mixColors(from: Oklch, to: Oklch, t: number): Oklch {
  const a = toLab(from)
  const b = toLab(to)
  return fromLab({ l: a.l + (b.l - a.l) * t, a: a.a + (b.a - a.a) * t, b: a.b + (b.b - a.b) * t })
}

/** Lighter (above 0) or darker (below 0), the hue kept. */
export function shade(color: Oklch, by: number): Oklch {
  return { ...color, l: Math.min(0.99, Math.max(0.08, color.l + by)) }
}

/** As `#rrggbb`; a colour that screens cannot show loses chroma until they can. */
export function toHex(color: Oklch): string {
  let candidate = color
  for (let step = 0; step < 24 && !linear(candidate).every((v) => v >= -0.001 && v <= 1.001); step++) {
    candidate = { ...candidate, c: candidate.c * 0.93 }
  }
  return `#${linear(candidate).map(hexByte).join('')}`
}

function linear(color: Oklch): readonly number[] {
  const { l, a, b } = toLab(color)
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ]
}

function hexByte(value: number): string {
  const bounded = Math.min(1, Math.max(0, value))
  const encoded = bounded <= 0.0031308 ? 12.92 * bounded : 1.055 * bounded ** (1 / 2.4) - 0.055
  return Math.round(encoded * 255)
    .toString(16)
    .padStart(2, '0')
}
