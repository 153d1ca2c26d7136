// The code blocks of "SQLite WAL Mode Implementation with Noormme" as they stand, one after another. Only the variable
// that they use and never declare is added. This file is not formatted or linted: it must stay what it was.
let dbInitialized = false

import { NOORMME } from 'noormme';

// Noormme configuration for SQLite with WAL mode
const db = new NOORMME({
  dialect: 'sqlite',
  connection: {
    host: '',
    port: 0,
    username: '',
    password: '',
    database: './data/dreambeesart.db'
  },
  optimization: {
    enableWALMode: true,             // Enable WAL mode for better concurrency
    enableForeignKeys: true,         // Enable foreign key constraints
    cacheSize: -64000,               // 64MB cache size
    synchronous: 'NORMAL',           // Synchronous mode
    tempStore: 'MEMORY'              // Use memory for temp storage
  }
});

export async function initializeDatabase() {
  if (dbInitialized) {
    return; // Already initialized
  }

  try {
    await db.initialize();
    dbInitialized = true;
    console.log('✅ Database initialized successfully with Noormme');
  } catch (error) {
    console.error('❌ Failed to initialize database:', error);
    throw error;
  }
}

export async function healthCheck() {
  try {
    const start = Date.now();
    
    // Test database connection with a simple query
    const usersRepo = db.getRepository('users');
    await usersRepo.findAll();
    
    const responseTime = Date.now() - start;
    
    return {
      healthy: true,
      responseTime,
      timestamp: new Date().toISOString(),
      connectionPool: getConnectionStats()
    };
  } catch (error) {
    console.error('Database health check failed:', error);
    return {
      healthy: false,
      error: error instanceof Error ? error.message : 'Unknown error',
      timestamp: new Date().toISOString(),
      connectionPool: getConnectionStats()
    };
  }
}

export function getConnectionStats() {
  return {
    database: 'SQLite',
    dialect: 'noormme',
    timestamp: new Date().toISOString(),
    status: dbInitialized ? 'connected' : 'disconnected'
  };
}

export const getOptimizationRecommendations = () => db.getSQLiteOptimizations();
