/**
 * Prisma's client is generated from `schema.prisma` when it is first asked for, into `bench/generated/compare`. Its types are
 * written here by hand, as far as they are used, because they are not there when this is compiled.
 */
import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'

interface Model<Row> {
  create(args: { data: Partial<Row> }): Promise<Row>
  update(args: { where: { id: number }; data: Partial<Row> }): Promise<Row>
  findUnique(args: { where: { id: number } }): Promise<Row | null>
  findUniqueOrThrow(args: { where: { id: number } }): Promise<Row>
  findMany(): Promise<Row[]>
}

export interface Models {
  readonly item: Model<{ id: number; name: string }>
  readonly counter: Model<{ id: number; value: number }>
  readonly page: Model<{ id: number; body: string }>
  readonly thing: Model<{ id: number; big: bigint; bytes: Uint8Array; flag: boolean; ratio: number }>
}

export interface PrismaClient extends Models {
  $transaction<T>(work: (tx: Models) => Promise<T>, options?: { timeout?: number; maxWait?: number }): Promise<T>
  $queryRawUnsafe(sql: string): Promise<unknown>
  $disconnect(): Promise<void>
}

const GENERATED = new URL('../../generated/compare/client.ts', import.meta.url)
const SCHEMA = new URL('./schema.prisma', import.meta.url)
const CONFIG = fileURLToPath(new URL('./prisma.config.ts', import.meta.url))

/** `new PrismaClient({ adapter: new PrismaBetterSqlite3({ url }) })`, as its documentation has it. */
export async function openPrisma(file: string): Promise<PrismaClient> {
  generate()
  const { PrismaClient } = await import(GENERATED.href)
  return new PrismaClient({ adapter: new PrismaBetterSqlite3({ url: `file:${file}` }) })
}

/** Generating needs no engine, yet asks for one to be downloaded unless it is told of any program. */
function generate(): void {
  const made = statSync(GENERATED, { throwIfNoEntry: false })
  if (made !== undefined && made.mtimeMs > statSync(SCHEMA).mtimeMs) return
  const manifest = createRequire(import.meta.url).resolve('prisma/package.json')
  execFileSync(process.execPath, [`${dirname(manifest)}/build/index.js`, 'generate', '--config', CONFIG], {
    stdio: 'pipe',
    env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: '1' },
  })
}
