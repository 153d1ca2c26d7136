import { defineEntity, MikroORM, p } from '@mikro-orm/sqlite'
import { run } from './scenario.ts'

const User = defineEntity({
  name: 'User',
  tableName: 'users',
  properties: { id: p.integer().primary().autoincrement(), age: p.integer() },
})
const Post = defineEntity({
  name: 'Post',
  tableName: 'posts',
  properties: {
    id: p.integer().primary().autoincrement(),
    user: () => p.manyToOne(User).deleteRule('cascade').joinColumn('user_id'),
    title: p.text(),
  },
})

// Its migrations hold what the schema generator makes; that is run directly.
await run({
  migrate: async (file) => {
    const orm = await MikroORM.init({ dbName: file, entities: [User, Post] })
    await orm.schema.update().finally(() => orm.close())
  },
})
