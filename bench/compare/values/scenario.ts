/** Four values: does what goes in come out? What cannot be kept has to be refused, never changed without a word. */
import { freshFile } from '../lib/fresh-file.ts'
import { end } from '../lib/timing.ts'
import { firstLine, verdict } from '../lib/verdict.ts'

/** Row 1 has an id of another program, as many services make them: more than 2^53. */
const VALUES = `
  CREATE TABLE things (id INTEGER PRIMARY KEY, big BIGINT, bytes BLOB, flag BOOLEAN, ratio REAL);
  INSERT INTO things (id, big) VALUES (1, 9007199254740993);`

const BIG = '9007199254740993'
const BYTES = Uint8Array.of(0, 1, 254, 255)

export interface Thing {
  readonly big?: unknown
  readonly bytes?: unknown
  readonly flag?: unknown
  readonly ratio?: unknown
}

export interface Tool {
  /** The row of `things` with this id. */
  read(id: number): Promise<Thing | null | undefined>
  insertBytes(id: number, bytes: Uint8Array): Promise<unknown>
  insertFlag(id: number, flag: boolean): Promise<unknown>
  insertRatio(id: number, ratio: number): Promise<unknown>
  close(): unknown
}

export async function run(open: (file: string) => Tool | Promise<Tool>): Promise<never> {
  const tool = await open(freshFile(VALUES))
  await each('integer', async () => {
    const big = (await tool.read(1))?.big
    if (String(big) === BIG) return verdict('green', 'exact', `${BIG} is read as it is, as ${typeof big}.`, 'integer')
    verdict('red', 'another number', `${BIG} is read as ${big}, without a word.`, 'integer')
  })
  await each('bytes', async () => {
    await tool.insertBytes(2, BYTES)
    const bytes = (await tool.read(2))?.bytes
    const same =
      (bytes instanceof Uint8Array || bytes instanceof ArrayBuffer) && Buffer.from(bytes as Uint8Array).equals(BYTES)
    if (same) return verdict('green', 'the same', 'Four bytes come back as they were.', 'bytes')
    verdict('red', 'something else', `Four bytes come back as ${JSON.stringify(bytes)}.`, 'bytes')
  })
  await each('boolean', async () => {
    await tool.insertFlag(3, true)
    const flag = (await tool.read(3))?.flag
    if (flag === true) return verdict('green', 'true', 'true comes back as true.', 'boolean')
    verdict('yellow', `${flag}`, `true comes back as ${flag}.`, 'boolean')
  })
  await each('nan', async () => {
    await tool.insertRatio(4, Number.NaN)
    const ratio = (await tool.read(4))?.ratio
    if (Number.isNaN(ratio)) return verdict('green', 'NaN', 'NaN comes back as NaN.', 'nan')
    verdict('red', `${ratio}`, `NaN is stored as ${ratio}, without a word.`, 'nan')
  })
  return end(() => tool.close())
}

/** SQLite has no NaN, so to refuse it is right; to refuse what SQLite can keep is not wrong, but somebody has to convert it. */
async function each(row: string, act: () => Promise<void>): Promise<void> {
  try {
    await act()
  } catch (error) {
    verdict(row === 'nan' ? 'green' : 'yellow', 'refused', `It says: ${firstLine(error)}`, row)
  }
}
