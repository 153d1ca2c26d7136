/**
 * A page of the guides as programs. Its blocks marked `ts` are read in order. One that opens a database, or imports,
 * begins a new program; the others continue it, each in a scope of its own, so that they see what is above them and may
 * use its names again. A program that opens none is given the shop as `db`; one on the shop has a repository by the name
 * of each table, unless it describes tables of its own.
 * Blocks marked `ts no-run` are fragments for the eye.
 */
import { codeBlocks } from '../../scripts/lib/markdown.ts'

const TABLES = ['artists', 'comments', 'orders', 'tags', 'users', 'works']
const REPOSITORIES = [
  ...TABLES.map((table) => [table, table]),
  ['orderLines', 'order_lines'],
  ['userRoles', 'user_roles'],
]
  .map(([name, table]) => `const ${name} = db.getRepository('${table}')`)
  .join('\n')
const OPENING = "import { NOORMME } from 'noormme'\nconst db = new NOORMME('sqlite:./data/shop.db')"

export interface PageProgram {
  /** 1-based line of its first block. */
  readonly line: number
  readonly code: string
}

export function pagePrograms(page: string): readonly PageProgram[] {
  const programs: { line: number; blocks: string[] }[] = []
  for (const { info, code, line } of codeBlocks(page)) {
    if (info !== 'ts') continue
    const last = programs.at(-1)
    if (last === undefined || opens(code) || /^import .*'noormme'/m.test(code)) programs.push({ line, blocks: [code] })
    else last.blocks.push(code)
  }
  return programs.map(({ line, blocks }) => ({ line, code: toModule(blocks) }))
}

const opens = (code: string): boolean => /\bdb = new NOORMME\b/.test(code)

function toModule(blocks: readonly string[]): string {
  const [first = '', ...rest] = blocks
  const inner = opens(first) ? rest : blocks
  const opening = opens(first) ? first : OPENING
  const imports = new Set<string>()
  const body = (code: string): string =>
    code
      .replace(/^import [^;]*?from '[^']+'$/gms, (line) => {
        imports.add(line)
        return ''
      })
      .replace(/^export (?=const|function|class|interface|type)/gm, '')
  const scopes = inner.map((code) => `{\n${body(code)}`).join('\n') + '\n}'.repeat(inner.length)
  const outer = body(opening)
  const knowsAll = opening.includes('shop.db') && !opening.includes('NOORMME<')
  const repositories = knowsAll ? REPOSITORIES : ''
  return `${[...imports].join('\n')}\n${outer}\nawait db.initialize()\n{\n${repositories}\n${scopes}\n}\nawait db.close()\n`
}
