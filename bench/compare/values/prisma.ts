import { openPrisma } from '../tables/prisma.ts'
import { run } from './scenario.ts'

await run(async (file) => {
  const prisma = await openPrisma(file)
  return {
    read: (id) => prisma.thing.findUnique({ where: { id } }),
    insertBytes: (id, bytes) => prisma.thing.create({ data: { id, bytes } }),
    insertFlag: (id, flag) => prisma.thing.create({ data: { id, flag } }),
    insertRatio: (id, ratio) => prisma.thing.create({ data: { id, ratio } }),
    close: () => prisma.$disconnect(),
  }
})
