/** Reads from the file of its first argument until its parent says `end`; two connections take turns. */
import Database from 'better-sqlite3'

const TRANSACTION_MS = 40

const [path = ''] = process.argv.slice(2)
const connections = [new Database(path, { readonly: true }), new Database(path, { readonly: true })]
let turn = 0

function beginNext(): void {
  const database = connections[turn++ % connections.length]
  if (database?.inTransaction === true) database.exec('COMMIT')
  database?.exec('BEGIN')
  database?.prepare('SELECT likes FROM items WHERE id = 1').get()
}

beginNext()
const timer = setInterval(beginNext, TRANSACTION_MS / connections.length)
process.send?.('reading')

process.once('message', () => {
  clearInterval(timer)
  for (const database of connections) database.close()
  const { user, system } = process.cpuUsage()
  process.send?.((user + system) / 1000)
})
