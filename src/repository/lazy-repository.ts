/** A repository that is asked for before its database is open: its first call opens it. */
import type { Repository } from './types.ts'

type Method = (...values: unknown[]) => Promise<unknown>

/**
 * Stands in for the repository that `resolve` brings. Every method waits for it first; an unknown table or finder
 * rejects the call.
 */
export function createLazyRepository<Row extends object, Insert, Update>(
  resolve: () => Promise<Repository<Row, Insert, Update>>,
): Repository<Row, Insert, Update> {
  const call =
    (name: string): Method =>
    async (...values) => {
      const repository = (await resolve()) as unknown as Record<string, Method>
      const method = repository[name]
      if (typeof method !== 'function') throw new TypeError(`${name} is not a method of a repository`)
      return method.apply(repository, values)
    }
  // `then` must stay undefined, or awaiting the repository itself would call it.
  const get = (_target: object, name: string | symbol): unknown =>
    typeof name === 'symbol' || name === 'then' ? undefined : call(name)
  return new Proxy({}, { get }) as Repository<Row, Insert, Update>
}
