import { recommended } from '../lib/verdict.ts'
import { openPrisma } from '../tables/prisma.ts'
import { run } from './scenario.ts'

const full = recommended('journal_mode = WAL and synchronous = FULL')

await run(import.meta.url, async (file) => {
  const prisma = await openPrisma(file)
  if (full) {
    await prisma.$queryRawUnsafe('PRAGMA journal_mode = WAL')
    await prisma.$queryRawUnsafe('PRAGMA synchronous = FULL')
  }
  return {
    insert: (name) => prisma.item.create({ data: { name } }),
    close: () => prisma.$disconnect(),
  }
})
