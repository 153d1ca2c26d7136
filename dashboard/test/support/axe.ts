/** What axe-core finds on a page. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

interface Finding {
  readonly id: string
  readonly impact: string | null
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
}

const LEVELS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/**
 * What is serious or critical below a selector, as sentences. The page's own policy lets no script in, so axe comes by
 * the debugger.
 */
export async function findings(page: Page, within = 'html'): Promise<readonly string[]> {
  await page.evaluate(await readFile(AXE, 'utf8'))
  const found = await page.evaluate(
    ([selector, levels]) =>
      (window as unknown as { axe: { run(...settings: unknown[]): Promise<{ violations: Finding[] }> } }).axe.run(
        selector,
        {
          runOnly: levels,
          resultTypes: ['violations'],
        },
      ),
    [within, LEVELS] as const,
  )
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`))
}
