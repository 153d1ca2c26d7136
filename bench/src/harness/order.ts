/**
 * The order of contestants in a round: each round starts one further on, and every other one runs backwards, so that
 * over the rounds nobody always follows the same neighbour or always comes first.
 */
export function orderOfRound<T>(items: readonly T[], round: number): readonly T[] {
  const start = items.length === 0 ? 0 : Math.floor(round / 2) % items.length
  const rotated = [...items.slice(start), ...items.slice(0, start)]
  return round % 2 === 0 ? rotated : rotated.reverse()
}
