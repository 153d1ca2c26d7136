/**
 * Generates Prisma's clients into `generated/`, which is not kept in the repository, and takes the types out of them: a
 * contestant in TypeScript would pay at every start for what an application pays when it is built.
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { glob, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire, stripTypeScriptTypes } from 'node:module'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const BENCH = fileURLToPath(new URL('../..', import.meta.url))
const SCHEMAS = ['items', 'northwind'] as const
const require = createRequire(import.meta.url)

/** Does nothing when they have been generated from the same schemas by the same version. */
export async function generatePrismaClients(): Promise<void> {
  for (const name of SCHEMAS) await generate(name)
}

async function generate(name: string): Promise<void> {
  const schema = `${BENCH}prisma/${name}.prisma`
  const folder = `${BENCH}generated/${name}`
  const manifest = require.resolve('prisma/package.json')
  const made = `${JSON.parse(await readFile(manifest, 'utf8')).version}\n${await readFile(schema, 'utf8')}`
  const stamp = `${folder}/made-from.txt`
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === made) return

  await rm(folder, { recursive: true, force: true })
  await promisify(execFile)(
    process.execPath,
    [require.resolve('prisma/build/index.js'), 'generate', '--schema', schema],
    {
      cwd: BENCH,
      env: {
        ...process.env,
        // Generating never runs this engine, but without it Prisma would download one.
        PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
        CHECKPOINT_DISABLE: '1',
      },
    },
  )
  for await (const file of glob(`${folder}/**/*.ts`)) {
    await writeFile(file.replace(/\.ts$/, '.js'), stripTypeScriptTypes(await readFile(file, 'utf8')))
  }
  await mkdir(folder, { recursive: true })
  await writeFile(stamp, made)
}

/** For vitest. */
export const setup = generatePrismaClients

if (import.meta.main) await generatePrismaClients()
