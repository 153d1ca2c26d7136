import { plain } from './plain.ts'

/**
 * Whether an answer has all that is expected, with the same values and the same number of rows. It may have more, and a
 * key may stand under its relation's name instead: `supplier: 8` or `supplier: { id: 8 }` for `supplier_id: 8`.
 */
export function contains(answer: unknown, expected: unknown): boolean {
  return includes(JSON.parse(plain(answer)), JSON.parse(plain(expected)))
}

function includes(answer: unknown, expected: unknown): boolean {
  if (typeof expected !== 'object' || expected === null) return answer === expected
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer) !== Array.isArray(expected)) return false
  if (Array.isArray(expected) && (answer as readonly unknown[]).length !== expected.length) return false
  const found = new Map<string, unknown>(Object.entries(answer))
  return Object.entries(expected).every(([key, value]) =>
    includes(found.has(key) ? found.get(key) : keyOf(found.get(key.replace(/_id$/, ''))), value),
  )
}

function keyOf(relation: unknown): unknown {
  return typeof relation === 'object' && relation !== null && 'id' in relation ? relation.id : relation
}
