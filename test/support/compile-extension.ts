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
  return compile(
    folder,
    name,
    `static void answer(sqlite3_context *context, int count, sqlite3_value **values) {
  sqlite3_result_int(context, ${result});
}`,
    ['answer'],
  )
}

/** An extension with functions that make the statement which calls them fail as nothing in SQL can; its path. */
export function compileFailures(folder: string): string {
  return compile(
    folder,
    'failures',
    `static void fails_with_interrupt(sqlite3_context *context, int count, sqlite3_value **values) {
  sqlite3_interrupt(sqlite3_context_db_handle(context));
}
static void fails_with_nomem(sqlite3_context *context, int count, sqlite3_value **values) {
  sqlite3_result_error_nomem(context);
}`,
    ['fails_with_interrupt', 'fails_with_nomem'],
  )
}

function compile(folder: string, name: string, code: string, functions: readonly string[]): string {
  const source = join(folder, `${name}.c`)
  const library = join(folder, `${name}.so`)
  const register = (each: string) =>
    `sqlite3_create_function(database, "${each}", 0, SQLITE_UTF8 | SQLITE_DETERMINISTIC, 0, ${each}, 0, 0)`
  writeFileSync(
    source,
    `#include "sqlite3ext.h"
SQLITE_EXTENSION_INIT1
${code}
int sqlite3_${name}_init(sqlite3 *database, char **error, const sqlite3_api_routines *api) {
  SQLITE_EXTENSION_INIT2(api);
  return ${functions.map(register).join(' || ')};
}
`,
  )
  const { status, stderr } = spawnSync('gcc', ['-shared', '-fPIC', `-I${HEADERS}`, source, '-o', library], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  return library
}
