import { recommended } from '../lib/verdict.ts'
import { openPrisma } from '../tables/prisma.ts'
import { run } from './scenario.ts'

// What better-sqlite3's documentation advises for this, where the tool has nothing of its own.
const restarts = recommended('a wal_checkpoint(RESTART) of your own')

await run(async (file) => {
  const prisma = await openPrisma(file)
  return {
    update: (id, body) => prisma.page.update({ where: { id }, data: { body } }),
    restart: restarts ? () => prisma.$queryRawUnsafe('PRAGMA wal_checkpoint(RESTART)') : null,
    close: () => prisma.$disconnect(),
  }
})
