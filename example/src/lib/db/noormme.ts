/** The gallery's database: one SQLite file in WAL mode, run by noormme. */
import { dirname, join } from 'node:path'
import { NOORMME } from 'noormme'
import { schema } from './database.types.ts'

const database = process.env.DREAMBEESART_DATABASE ?? './data/dreambeesart.db'

// Noormme configuration for SQLite with WAL mode
export const db = new NOORMME({
  dialect: 'sqlite',
  connection: {
    host: '',
    port: 0,
    username: '',
    password: '',
    database,
  },
  optimization: {
    enableWALMode: true, // Enable WAL mode for better concurrency
    enableForeignKeys: true, // Enable foreign key constraints
    cacheSize: -64000, // 64MB cache size
    synchronous: 'NORMAL', // Synchronous mode
    tempStore: 'MEMORY', // Use memory for temp storage
  },
  backup: { target: join(dirname(database), 'backups') }, // A backup every night, checked before it is one
  introspection: { schema }, // A database that is not the one of the types is reported
})

/** Opens the database; calling it again changes nothing. */
export async function initializeDatabase(): Promise<void> {
  if (db.isInitialized()) return

  try {
    await db.initialize()
    console.log('✅ Database initialized successfully with Noormme')
  } catch (error) {
    console.error('❌ Failed to initialize database:', error)
    throw error
  }
}

/** Whether the shop can do its work; answered by the library, without reading a table. */
export const healthCheck = () => db.healthCheck()

/** Every connection with its settings as SQLite reported them, and how much is waiting. */
export const getConnectionStats = () => db.getConnectionStats()

/** What backups there are, and when the next is due. */
export const getBackupStatus = () => db.backups.status()

export const getOptimizationRecommendations = () => db.getSQLiteOptimizations()
