/**
 * Protects readers from dead ends: README.md links every page of docs/, and every relative link of the pages leads to a
 * file that is there and, behind a `#`, to one of its headings.
 */
import { join } from 'node:path/posix'
import { type Check, report } from './lib/report.ts'
import { lineAt, listFiles, readText } from './lib/source.ts'

const OUTSIDE_DOCS = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'AGENTS.md']

export const checkLinks: Check = async (root) => {
  const docs = (await listFiles(root, 'docs')).filter((path) => path.endsWith('.md'))
  const pages = new Map<string, string>()
  for (const path of [...OUTSIDE_DOCS, ...docs]) {
    const text = await readText(root, path)
    if (text !== undefined) pages.set(path, withoutCode(text))
  }
  const readme = pages.get('README.md') ?? ''
  const lost = docs.filter((path) => !readme.includes(`](${path})`)).map((path) => `README.md does not link ${path}`)
  const dead = await Promise.all([...pages].map(([path, text]) => deadLinks(root, pages, path, text)))
  return [...lost, ...dead.flat()]
}

async function deadLinks(
  root: string,
  pages: ReadonlyMap<string, string>,
  path: string,
  text: string,
): Promise<readonly string[]> {
  const problems: string[] = []
  for (const match of text.matchAll(/\]\(([^()\s]+)\)/g)) {
    const link = match[1] ?? ''
    if (/^[a-z]+:/i.test(link)) continue
    const [file = '', heading] = link.split('#')
    const target = file === '' ? path : join(path, '..', file)
    const page = pages.get(target) ?? (await textOf(root, target))
    if (page === undefined) problems.push(`${path}:${lineAt(text, match.index)} links ${target}, which is not there`)
    else if (heading !== undefined && !anchors(page).includes(heading))
      problems.push(`${path}:${lineAt(text, match.index)} links #${heading}, which is no heading of ${target}`)
  }
  return problems
}

/** A folder can be linked too: it has no text, and no headings. */
async function textOf(root: string, path: string): Promise<string | undefined> {
  if ((await listFiles(root, path).catch(() => [])).length > 0) return ''
  return readText(root, path)
}

/** What GitHub makes of headings: small letters, blanks as hyphens, no punctuation. */
function anchors(page: string): readonly string[] {
  return [...page.matchAll(/^#{1,6} +(.+?) *$/gm)].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

/** Lines stay where they are, so that problems can be found. Headings keep the words in their backticks. */
function withoutCode(page: string): string {
  return page
    .replace(/^(`{3,})[^\n]*\n[\s\S]*?^\1[ \t]*$/gm, (code) => code.replace(/[^\n]/g, ''))
    .replace(/^[^#\n].*$/gm, (line) => line.replace(/`[^`]*`/g, '``'))
}

if (import.meta.main) await report('links', checkLinks)
