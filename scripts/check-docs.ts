/**
 * Protects the reference pages from drifting away from the code, both ways: docs/errors.md has exactly the codes of
 * the error catalogue, with class and retryability; docs/configuration.md exactly the keys that users may write.
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { backticked, tableRows } from './lib/markdown.ts'
import { type Check, report } from './lib/report.ts'
import { readProduction, readText } from './lib/source.ts'

export const checkDocs: Check = async (root) => [...(await errorProblems(root)), ...(await keyProblems(root))]

async function errorProblems(root: string): Promise<readonly string[]> {
  const page = 'docs/errors.md'
  const text = await readText(root, page)
  const subjects = await readProduction(root, 'src/errors')
  const source = [(await readText(root, 'src/errors.ts')) ?? '', ...subjects.map((each) => each.text)].join('\n')
  const { ERROR_CATALOGUE } = await load<{ ERROR_CATALOGUE: Map<string, { readonly name: string }> }>(
    root,
    'src/errors.ts',
  )
  if (text === undefined) return [`${page} does not exist`]

  const rows = tableRows(text).filter(([code]) => code?.startsWith('`NOORMME_') === true)
  const codes = rows.flatMap(([code]) => backticked(code))
  const wrong = rows.flatMap(([cell, className, , retryable]) => {
    const code = backticked(cell)[0] ?? ''
    const known = ERROR_CATALOGUE.get(code)
    if (known === undefined) return []
    // Its definition reaches from its code to the next one.
    const definition = source.split(`'${code}'`)[1]?.split(/'NOORMME_/)[0] ?? ''
    const expected = /retryable: \(/.test(definition) ? 'some' : definition.includes('retryable: true') ? 'yes' : 'no'
    return [
      ...(backticked(className)[0] === known.name ? [] : [`${page}: ${code} is the class ${known.name}`]),
      ...(retryable === expected ? [] : [`${page}: ${code} is retryable: ${expected}`]),
    ]
  })
  return [...compare(page, 'code', codes, [...ERROR_CATALOGUE.keys()]), ...wrong]
}

async function keyProblems(root: string): Promise<readonly string[]> {
  const page = 'docs/configuration.md'
  const text = await readText(root, page)
  const home = (await readProduction(root, 'src/config')).find((source) =>
    /^export const CONFIG_KEYS\b/m.test(source.text),
  )
  if (home === undefined) return ['src/config exports no CONFIG_KEYS']
  if (text === undefined) return [`${page} does not exist`]
  const { CONFIG_KEYS } = await load<{ CONFIG_KEYS: readonly string[] }>(root, home.path)
  // Only full dotted names are keys: other tables of the page may show values in their first column.
  const first = tableRows(text).flatMap(([cell]) => backticked(cell))
  const keys = first.filter((name) => /^[a-z]\w*(?:\.\w+)*$/i.test(name))
  return compare(page, 'key', keys, CONFIG_KEYS)
}

function compare(
  page: string,
  what: string,
  documented: readonly string[],
  real: readonly string[],
): readonly string[] {
  return [
    ...real.filter((name) => !documented.includes(name)).map((name) => `${page} lacks the ${what} ${name}`),
    ...documented.filter((name) => !real.includes(name)).map((name) => `${page}: no ${what} is named ${name}`),
    ...documented
      .filter((name, index) => documented.indexOf(name) !== index)
      .map((name) => `${page} has the ${what} ${name} twice`),
  ]
}

async function load<Module>(root: string, path: string): Promise<Module> {
  return import(pathToFileURL(join(root, path)).href)
}

if (import.meta.main) await report('docs', checkDocs)
