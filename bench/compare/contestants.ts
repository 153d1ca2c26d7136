/** Who is compared, in the order of the columns, and what their own documentation says of them. */

export interface Contestant {
  /** The name of its script in each scenario's folder. */
  readonly name: string
  readonly title: string
  /** The package whose version is shown; `null`: comes with Node.js. */
  readonly package: string | null
  readonly what: string
  /** Where SQLite runs: nothing of one's own process beside it, or threads. */
  readonly runs: string
  readonly needsNativeModule: string
  readonly databases: string
}

const ON_LOOP = 'on the event loop'

export const CONTESTANTS: readonly Contestant[] = [
  {
    name: 'noormme',
    title: 'noormme',
    package: 'noormme',
    what: 'data layer',
    runs: 'threads; short reads on the event loop',
    needsNativeModule: 'yes, in the package',
    databases: 'SQLite',
  },
  {
    name: 'better-sqlite3',
    title: 'better-sqlite3',
    package: 'better-sqlite3',
    what: 'driver, synchronous',
    runs: ON_LOOP,
    needsNativeModule: 'yes, in the package',
    databases: 'SQLite',
  },
  {
    name: 'node-sqlite',
    title: 'node:sqlite',
    package: null,
    what: 'driver, synchronous',
    runs: ON_LOOP,
    needsNativeModule: '**no**, a part of Node.js',
    databases: 'SQLite',
  },
  {
    name: 'drizzle',
    title: 'Drizzle',
    package: 'drizzle-orm',
    what: 'query builder with relations, migrations',
    runs: ON_LOOP,
    needsNativeModule: 'as its driver',
    databases: '**SQLite, PostgreSQL, MySQL, SingleStore and more**',
  },
  {
    name: 'kysely',
    title: 'Kysely',
    package: 'kysely',
    what: 'query builder, migrations',
    runs: ON_LOOP,
    needsNativeModule: 'as its driver',
    databases: '**SQLite, PostgreSQL, MySQL, SQL Server and more**',
  },
  {
    name: 'knex',
    title: 'Knex',
    package: 'knex',
    what: 'query builder, migrations',
    runs: ON_LOOP,
    needsNativeModule: 'as its driver',
    databases: '**SQLite, PostgreSQL, MySQL, SQL Server, Oracle**',
  },
  {
    name: 'prisma',
    title: 'Prisma',
    package: '@prisma/client',
    what: 'ORM with a schema language, migrations',
    runs: ON_LOOP,
    needsNativeModule: 'as its driver; its migrations download an engine',
    databases: '**SQLite, PostgreSQL, MySQL, SQL Server and more**',
  },
  {
    name: 'typeorm',
    title: 'TypeORM',
    package: 'typeorm',
    what: 'ORM, migrations',
    runs: ON_LOOP,
    needsNativeModule: 'as its driver',
    databases: '**SQLite, PostgreSQL, MySQL, SQL Server, Oracle and more**',
  },
  {
    name: 'mikro-orm',
    title: 'MikroORM',
    package: '@mikro-orm/core',
    what: 'ORM with a unit of work, migrations',
    runs: ON_LOOP,
    needsNativeModule: 'as its driver',
    databases: '**SQLite, PostgreSQL, MySQL, SQL Server, MongoDB and more**',
  },
  {
    name: 'libsql',
    title: '@libsql/client',
    package: '@libsql/client',
    what: 'driver, promises',
    runs: ON_LOOP,
    needsNativeModule: 'yes',
    databases: '**SQLite files and libSQL servers**',
  },
  {
    name: 'better-sqlite3-pool',
    title: 'better-sqlite3-pool',
    package: 'better-sqlite3-pool',
    what: 'driver, promises',
    runs: 'threads',
    needsNativeModule: 'yes',
    databases: 'SQLite, **encrypted as well**',
  },
]
