/**
 * An answer as JSON, so that answers can be compared: whatever class a contestant makes its rows of, whatever the order of
 * its keys, and whether its integers are numbers or `bigint`.
 */
export function plain(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, item: unknown) => {
    if (typeof item === 'bigint') return Number(item)
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return item
    return Object.fromEntries(Object.entries(item).sort(([one], [other]) => (one < other ? -1 : 1)))
  })
}
