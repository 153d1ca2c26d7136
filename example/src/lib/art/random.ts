/**
 * Randomness that repeats: every picture, name and price is drawn from a seed, so the same seed always gives the same
 * work, on every machine.
 */

export interface Random {
  /** From 0 (included) to 1 (excluded). */
  next(): number
  between(low: number, high: number): number
  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number
  chance(probability: number): boolean
  pick<T>(list: readonly [T, ...T[]]): T
  /** Standard normal. */
  normal(): number
}

/** A generator of its own for each seed; neighbouring seeds share nothing visible. */
export function createRandom(seed: number): Random {
  let state = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ (seed >>> 13)) >>> 0

  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const between = (low: number, high: number): number => low + (high - low) * next()

  return {
    next,
    between,
    int: (low, high) => Math.floor(between(low, high + 1)),
    chance: (probability) => next() < probability,
    pick: (list) => list[Math.floor(next() * list.length)] ?? list[0],
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  }
}

export type Noise = (x: number, y: number) => number

/** Smooth noise in two dimensions, about −1 to 1, one feature a unit. */
export function createNoise(random: Random): Noise {
  const gradients = Array.from({ length: 256 }, () => random.next() * 2 * Math.PI)
  const shuffle = Array.from({ length: 256 }, () => random.int(0, 255))

  const corner = (cellX: number, cellY: number, x: number, y: number): number => {
    const angle = gradients[((shuffle[cellX & 255] ?? 0) + cellY) & 255] ?? 0
    return Math.cos(angle) * (x - cellX) + Math.sin(angle) * (y - cellY)
  }
  const fade = (t: number): number => t * t * t * (t * (t * 6 - 15) + 10)
  const mix = (a: number, b: number, t: number): number => a + (b - a) * t

  return (x, y) => {
    const cellX = Math.floor(x)
    const cellY = Math.floor(y)
    const across = fade(x - cellX)
    const down = fade(y - cellY)
    const top = mix(corner(cellX, cellY, x, y), corner(cellX + 1, cellY, x, y), across)
    const bottom = mix(corner(cellX, cellY + 1, x, y), corner(cellX + 1, cellY + 1, x, y), across)
    return mix(top, bottom, down) * 1.5
  }
}
