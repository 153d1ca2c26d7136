/** Reads the file of its first argument without a pause, until it is ended. Each read takes some 50 ms. */
import { DatabaseSync } from 'node:sqlite'

const database = new DatabaseSync(process.argv[2] ?? '', { readOnly: true, timeout: 5000 })
const read = database.prepare(`
  WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 500000)
  SELECT count(*), (SELECT count(*) FROM pages) FROM n`)

read.get()
process.send?.('reading')
setInterval(() => read.get(), 1)
process.once('disconnect', () => process.exit())
