/** Where an axis from 0 has its lines. */
const MAX_LINES = 6
const STEPS = [1, 2, 2.5, 5, 10]

/** Round numbers from 0 on, the last of them not below `largest`. */
export function ticksUpTo(largest: number): readonly number[] {
  if (largest <= 0) return [0, 1]
  const magnitude = 10 ** Math.floor(Math.log10(largest / MAX_LINES))
  const factor = STEPS.find((candidate) => largest / (candidate * magnitude) <= MAX_LINES) ?? 10
  const step = factor * magnitude
  return Array.from({ length: Math.ceil(largest / step) + 1 }, (_, index) => Number((index * step).toPrecision(12)))
}
