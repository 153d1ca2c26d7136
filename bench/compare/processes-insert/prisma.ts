import { openPrisma } from '../tables/prisma.ts'
import { run } from './scenario.ts'

await run(import.meta.url, async (file) => {
  const prisma = await openPrisma(file)
  return {
    insert: (name) => prisma.item.create({ data: { name } }),
    close: () => prisma.$disconnect(),
  }
})
