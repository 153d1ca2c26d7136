/**
 * Leaves a database and a log behind as a killed process does: a log that has been restarted, so that frames of its
 * earlier generation stand behind those that count. Row `id` is the id-th commit. Says the last id, and waits.
 */
import { NOORMME } from '../../../src/index.ts'

const { path, commits, mark } = JSON.parse(process.argv[2] ?? '') as {
  readonly path: string
  /** How many to make after the log was restarted. */
  readonly commits: number
  /** Stands in every row. */
  readonly mark: string
}

// Checkpoints where this program expects them, and at no other time.
const db = new NOORMME({
  connection: { database: path },
  optimization: { enableWALMode: true, synchronous: 'FULL', checkpoint: 'sqlite' },
  // Gathering statistics is a commit too.
  automation: { enableAutoOptimization: false },
})
await db.execute('CREATE TABLE t (id INTEGER PRIMARY KEY, mark TEXT NOT NULL, v TEXT NOT NULL)')
await db.execute('CREATE INDEX t_v ON t (substr(v, 1, 12))')
let id = 0
const insert = async (bytes: number): Promise<void> => {
  const v = `${Math.imul(++id, 0x9e_37_79_b1) >>> 0};`.repeat(bytes).slice(0, bytes)
  await db.execute('INSERT INTO t VALUES (?, ?, ?)', [id, mark, v])
}
for (let row = 0; row < 12; row++) await insert(3000)
// More than a thousand pages: SQLite checkpoints all of them, and the next commit starts the log from its beginning.
await insert(4_500_000)
for (let commit = 0; commit < commits; commit++) await insert([40, 900, 6000, 14_000][commit % 4] as number)
process.stdout.write(`${id}\n`)
process.stdin.resume()
