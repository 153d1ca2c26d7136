/** The schema as one program calls it. */
import type { ResolvedConfig } from '../config/types.ts'
import type { Executor } from '../engine/types.ts'
import { introspect } from './introspect.ts'
import { assertDistinctNames } from './property-names.ts'
import type { SchemaInfo } from './types.ts'

/** @throws ConfigError when `introspection.naming` would give two tables, or two columns of one, the same name. */
export async function readSchema(
  executor: Pick<Executor, 'execute'>,
  { naming }: ResolvedConfig['introspection'],
): Promise<SchemaInfo> {
  const schema = await introspect(executor, naming)
  assertDistinctNames(schema, naming)
  return schema
}
