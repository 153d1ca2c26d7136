/** What the guides show works: every page is compiled and run, in a folder with the shop of `shop.sql`. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { NOORMME } from 'noormme'
import { beforeAll, describe, expect, test } from 'vitest'
import { failure, run } from '../../scripts/lib/run.ts'
import { generateTypes } from '../../src/schema/generate/generate-types.ts'
import { introspect } from '../../src/schema/introspect.ts'
import { openReadOnly } from '../../src/sqlite/read-only-file.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { type PageProgram, pagePrograms } from './page-programs.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const DOCS = join(ROOT, 'docs')
const SHOP = join(import.meta.dirname, 'shop.sql')
const COMPILER = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')
const OPTIONS = {
  strict: true,
  noEmit: true,
  target: 'es2024',
  module: 'nodenext',
  lib: ['es2024', 'esnext.disposable'],
  types: ['node'],
  skipLibCheck: true,
  allowImportingTsExtensions: true,
}

/** What the guides' programs import, beside noormme. */
const PACKAGES = ['@types', 'kysely', 'better-auth', 'zod', 'valibot', '@hono', 'hono', 'express', 'fastify']

const PAGES = readdirSync(DOCS)
  .filter((name) => name.endsWith('.md'))
  .map((name) => ({ name, programs: pagePrograms(readFileSync(join(DOCS, name), 'utf8')) }))
  .filter(({ programs }) => programs.length > 0)

describe('pages', () => {
  beforeAll(() => {
    if (!existsSync(join(ROOT, 'dist', 'index.js'))) throw new Error('build the package first: npm run build')
  })

  test.for(PAGES)('docs/$name does what it shows', async ({ programs }) => {
    const folder = tempFolder()
    makeProject(folder)
    const shop = join(folder, 'shop.db')
    await makeShop(shop, join(folder, 'migrations'))
    if (programs.some(({ code }) => code.includes("'./database.types.ts'"))) await writeTypes(shop, folder)
    for (const [index, { code }] of programs.entries()) writeFileSync(join(folder, `program-${index + 1}.ts`), code)
    expect(failure(await run(process.execPath, [COMPILER, '-p', folder], { cwd: folder }))).toBeNull()
    for (const [index, program] of programs.entries()) expect(await outcome(folder, shop, index, program)).toBeNull()
  })
})

async function outcome(folder: string, shop: string, index: number, { line }: PageProgram): Promise<string | null> {
  // Each program finds the shop as it was.
  mkdirSync(join(folder, 'data'), { recursive: true })
  cpSync(shop, join(folder, 'data', 'shop.db'))
  const wrong = failure(await run(process.execPath, [`program-${index + 1}.ts`], { cwd: folder, timeoutMs: 60_000 }))
  return wrong === null ? null : `line ${line}: ${wrong}`
}

/** The shop is its first migration. */
function makeProject(folder: string): void {
  mkdirSync(join(folder, 'node_modules'))
  mkdirSync(join(folder, 'migrations'))
  cpSync(SHOP, join(folder, 'migrations', '0001_shop.sql'))
  symlinkSync(ROOT, join(folder, 'node_modules', 'noormme'), 'junction')
  for (const name of PACKAGES) {
    const real = join(ROOT, 'node_modules', name)
    if (existsSync(real)) symlinkSync(real, join(folder, 'node_modules', name), 'junction')
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }')
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: OPTIONS, include: ['*.ts'] }))
}

/** They are registered for all programs of the page. */
async function writeTypes(shop: string, folder: string): Promise<void> {
  using file = openReadOnly(shop)
  const types = generateTypes(await introspect(file), { naming: 'stored', dates: 'text', types: {} })
  writeFileSync(join(folder, 'database.types.ts'), types)
}

async function makeShop(path: string, migrations: string): Promise<void> {
  const db = new NOORMME(path)
  await db.migrate(migrations)
  await db.close()
}
