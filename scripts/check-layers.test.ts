import { describe, expect, test } from 'vitest'
import { checkLayers } from './check-layers.ts'
import { silent, tree } from './lib/tree.ts'

const MANIFEST = JSON.stringify({ dependencies: { 'better-sqlite3': '1', kysely: '1' } })

const problems = async (path: string, text: string) =>
  checkLayers(await tree({ 'package.json': MANIFEST, [path]: text }), silent)

describe('allowed', () => {
  test.each([
    ['src/cli/main.ts', "import { NOORMME } from '../index.ts'\nconsole.log(process.exit)"],
    ['src/index.ts', "export { NOORMME } from './noormme.ts'"],
    ['src/noormme.ts', "import { a } from './repository/a.ts'\nimport { b } from './util/b.ts'"],
    ['src/repository/a.ts', "import type { SchemaInfo } from '../schema/types.ts'\nimport { b } from './b.ts'"],
    ['src/schema/a.ts', "import type { Executor } from '../engine/types.ts'"],
    ['src/schema/a.ts', "import type { Kysely } from 'kysely'"],
    ['src/kysely/a.ts', "import { Kysely } from 'kysely'"],
    ['src/engine/engine.ts', "import { Writer } from './writer/writer.ts'\nimport { open } from './open.ts'"],
    ['src/engine/writer/a.ts', "import { Thread } from '../thread/thread.ts'\nimport type { Row } from '../types.ts'"],
    ['src/engine/thread/a.ts', "import { Worker } from 'node:worker_threads'\nimport type { Row } from '../types.ts'"],
    ['src/engine/types.ts', "import type { SqlValue } from '../sqlite/values.ts'"],
    ['src/sqlite/a.ts', "import Database from 'better-sqlite3'\nimport { ConfigError } from '../errors.ts'"],
    ['src/config/a.ts', "import { ConfigError } from '../errors.ts'\nimport { join } from 'node:path'"],
    ['src/util/a.test.ts', "import { engine } from '../engine/engine.ts'\nimport Database from 'better-sqlite3'"],
    ['src/util/a.ts', '// console.log\nconst text = "process.exit()"\nself.console'],
  ])('%s: %s', async (path, text) => {
    expect(await problems(path, text)).toEqual([])
  })
})

describe('refused', () => {
  test.each([
    ['upwards', 'src/util/a.ts', "import { b } from '../errors.ts'", 'errors stands above util'],
    [
      'types upwards',
      'src/sqlite/a.ts',
      "import type { b } from '../engine/types.ts'",
      'engine/types stands above sqlite',
    ],
    ['re-exports upwards', 'src/errors.ts', "export * from './config/a.ts'", 'config stands above errors'],
    ['import() upwards', 'src/schema/a.ts', "await import('../noormme.ts')", 'noormme stands above schema'],
    ['siblings', 'src/health/a.ts', "import { b } from '../advice/b.ts'", 'advice and health are siblings'],
    ['the command line', 'src/dashboard/a.ts', "import { b } from '../cli/b.ts'", 'cli stands above dashboard'],
    [
      'engine parts',
      'src/engine/writer/a.ts',
      "import '../readers/b.ts'",
      'engine/readers and engine/writer are siblings',
    ],
    [
      'the whole engine from a part',
      'src/engine/writer/a.ts',
      "import '../engine.ts'",
      'engine stands above engine/writer',
    ],
    ['a part from its thread', 'src/engine/thread/a.ts', "import '../writer/b.ts'", 'engine/writer stands above'],
    ['the driver', 'src/engine/engine.ts', "import Database from 'better-sqlite3'", 'belongs to ^src/sqlite/ alone'],
    ['its types', 'src/engine/engine.ts', "import type { Database } from 'better-sqlite3'", 'belongs to ^src/sqlite/'],
    ['threads', 'src/sqlite/a.ts', "import { Worker } from 'node:worker_threads'", 'belongs to ^src/engine/ alone'],
    ['Kysely as a value', 'src/schema/a.ts', "import { sql } from 'kysely'", 'belongs to'],
    ['what is not installed with it', 'src/util/a.ts', "import fc from 'fast-check'", 'not among the dependencies'],
    ['printing', 'src/noormme.ts', 'console.log(1)', 'src/noormme.ts:1 uses console'],
    ['ending the process', 'src/engine/a.ts', '\nprocess.exit(1)', 'src/engine/a.ts:2 uses process.exit'],
    ['a new folder', 'src/magic/a.ts', '', 'is in no layer'],
    ['leaving src', 'src/util/a.ts', "import '../../scripts/a.ts'", 'is in no layer'],
  ])('%s', async (_, path, text, expected) => {
    expect(await problems(path, text)).toEqual([expect.stringContaining(expected)])
  })
})
