/** Compiles a small loadable SQLite extension against the headers of the driver's own SQLite. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const HEADERS = fileURLToPath(new URL('../../node_modules/better-sqlite3/deps/sqlite3', import.meta.url))

/** Whether this machine has a C compiler. */
export const canCompile = spawnSync('gcc', ['--version']).status === 0

/** An extension with the function `answer()`, which gives `result`; its path. */
export function compileExtension(folder: string, name: string, result: number): string {
  const source = join(folder, `${name}.c`)
  const library = join(folder, `${name}.so`)
  writeFileSync(
    source,
    `#include "sqlite3ext.h"
SQLITE_EXTENSION_INIT1
static void answer(sqlite3_context *context, int count, sqlite3_value **values) { sqlite3_result_int(context, ${result}); }
int sqlite3_${name}_init(sqlite3 *database, char **error, const sqlite3_api_routines *api) {
  SQLITE_EXTENSION_INIT2(api);
  return sqlite3_create_function(database, "answer", 0, SQLITE_UTF8 | SQLITE_DETERMINISTIC, 0, answer, 0, 0);
}
`,
  )
  const { status, stderr } = spawnSync('gcc', ['-shared', '-fPIC', `-I${HEADERS}`, source, '-o', library], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  return library
}
