/** Restores a database, after it has said that it begins. */
import { restoreBackup } from '../../../src/index.ts'

const { from, to } = JSON.parse(process.argv[2] ?? '') as { readonly from: string; readonly to: string }
console.log('begun')
await restoreBackup({ from, to })
