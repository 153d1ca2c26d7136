/** The few numbers that results are made of. */

/** The middle value; of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.ceil(sorted.length / 2) - 1]
  if (upper === undefined || lower === undefined) throw new Error('there is no median of no values')
  return (lower + upper) / 2
}

/** The value that `share` of all values do not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]
  if (value === undefined) throw new Error('there is no quantile of no values')
  return value
}

/**
 * The median of the ratios of values measured in the same round. What slows a whole round down slows both sides, so
 * this is steadier than the ratio of two medians.
 */
export function medianRatio(values: readonly number[], others: readonly number[]): number {
  return median(pairs(values, others).map(([value, other]) => value / other))
}

/** The median of the differences of values measured in the same round. */
export function medianDifference(values: readonly number[], others: readonly number[]): number {
  return median(pairs(values, others).map(([value, other]) => value - other))
}

/** Of the rounds that both took part in: who has fewer was in the first of them. */
function pairs(values: readonly number[], others: readonly number[]): readonly (readonly [number, number])[] {
  return values.slice(0, others.length).map((value, round) => [value, others[round] ?? Number.NaN])
}
