import { freshFile } from '../lib/fresh-file.ts'
import { openPrisma } from '../tables/prisma.ts'
import { run } from './scenario.ts'

const file = freshFile()
const prisma = await openPrisma(file)

await run({
  query: (sql) => prisma.$queryRawUnsafe(sql),
  close: () => prisma.$disconnect(),
})
