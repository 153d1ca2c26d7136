/**
 * What every repository does, whatever it runs on: written once, called for each backend. A subject is a file that exports
 * a function of its name; a new method is covered in the file of its subject.
 */
import { describe } from 'vitest'
import type { Backend } from './backend.ts'
import { errors } from './errors.ts'
import { json } from './json.ts'
import { keys } from './keys.ts'
import { manyRows } from './many-rows.ts'
import { paging } from './paging.ts'
import { reading } from './reading.ts'
import { relations } from './relations.ts'
import { search } from './search.ts'
import { transactions } from './transactions.ts'
import { values } from './values.ts'
import { writing } from './writing.ts'

const SUBJECTS = { reading, writing, manyRows, keys, relations, paging, json, search, values, errors, transactions }

/**
 * Runs the whole suite on one backend.
 *
 * @example
 * repositoryConformance('WAL', backend)
 */
export function repositoryConformance(name: string, backend: Backend): void {
  describe(`repositories on ${name}`, () => {
    for (const [subject, register] of Object.entries(SUBJECTS)) describe(subject, () => register(backend))
  })
}
