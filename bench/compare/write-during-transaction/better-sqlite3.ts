import Database from 'better-sqlite3'
import { freshFile } from '../lib/fresh-file.ts'
import { refuses } from '../lib/verdict.ts'

const db = new Database(freshFile())

// A transaction is one synchronous function: nothing of another request can come between.
await refuses('none that wait', () => db.transaction(async () => {})())
