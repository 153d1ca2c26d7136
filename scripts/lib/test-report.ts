/** What vitest's JSON report says, added up. */
import { readFile } from 'node:fs/promises'

export interface TestCounts {
  readonly passed: number
  readonly failed: number
  /** Full names of the tests that did not run, with their files. */
  readonly skipped: readonly string[]
}

interface JsonReport {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
  }[]
}

/** Counts of one report, or `null` when there is none. A file that fails before its first test counts as one failure. */
export async function readReport(path: string): Promise<TestCounts | null> {
  const text = await readFile(path, 'utf8').catch(() => null)
  if (text === null) return null
  const { testResults }: JsonReport = JSON.parse(text)
  const tests = testResults.flatMap(({ name, assertionResults }) => assertionResults.map((test) => ({ name, ...test })))
  const unread = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  )
  return {
    passed: tests.filter(({ status }) => status === 'passed').length,
    failed: tests.filter(({ status }) => status === 'failed').length + unread.length,
    skipped: tests
      .filter(({ status }) => status !== 'passed' && status !== 'failed')
      .map(({ name, fullName }) => `${name}: ${fullName}`),
  }
}

/** `12 passed, 0 failed`, and `, 1 skipped` when there are any. */
export function closingLine(reports: readonly TestCounts[]): string {
  const sum = (count: (report: TestCounts) => number): number => reports.reduce((total, each) => total + count(each), 0)
  const skipped = sum((report) => report.skipped.length)
  const line = `${sum((report) => report.passed)} passed, ${sum((report) => report.failed)} failed`
  return skipped === 0 ? line : `${line}, ${skipped} skipped`
}
