/** A repository that is asked for before its database is open: its first call opens it. */
import type { Repository, RepositoryMethods } from './types.ts'

type Method = (...values: unknown[]) => Promise<unknown> | AsyncIterable<unknown>

const METHODS: Readonly<Record<keyof RepositoryMethods<unknown, unknown, unknown>, true>> = {
  findById: true,
  findOne: true,
  findAll: true,
  findWithRelations: true,
  loadRelationships: true,
  withCount: true,
  count: true,
  exists: true,
  create: true,
  createMany: true,
  findOrCreate: true,
  upsert: true,
  upsertMany: true,
  update: true,
  updateMany: true,
  increment: true,
  delete: true,
  deleteMany: true,
  paginate: true,
  paginateByCursor: true,
  search: true,
  stream: true,
}
const FINDER = /^find(One|Many)?By/

/**
 * Stands in for the repository that `resolve` brings. The first call waits for it; an unknown table or finder rejects
 * the call. Only names of methods are answered: awaiting it, printing it or turning it into JSON calls nothing.
 */
export function createLazyRepository<Row extends object, Insert, Update>(
  resolve: () => Promise<Repository<Row, Insert, Update>>,
): Repository<Row, Insert, Update> {
  let resolved: Record<string, Method> | null = null
  const call =
    (name: string): Method =>
    async (...values) => {
      resolved ??= (await resolve()) as unknown as Record<string, Method>
      return resolved[name]?.(...values)
    }
  /** Streams are iterated, not awaited. */
  const stream: Method = async function* (options) {
    yield* (await resolve()).stream(options as object)
  }
  const get = (_target: object, name: string | symbol): unknown => {
    if (typeof name !== 'string' || !(Object.hasOwn(METHODS, name) || FINDER.test(name))) return undefined
    if (resolved !== null) return resolved[name]?.bind(resolved)
    return name === 'stream' ? stream : call(name)
  }
  return new Proxy({}, { get }) as Repository<Row, Insert, Update>
}
