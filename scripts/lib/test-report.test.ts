import { join } from 'node:path'
import { expect, test } from 'vitest'
import { closingLine, readReport } from './test-report.ts'
import { tree } from './tree.ts'

const testFile = (status: string, ...results: readonly string[]) => ({
  name: 'a.test.ts',
  status,
  assertionResults: results.map((result, index) => ({ fullName: `test ${index}`, status: result })),
})

test('every test is counted by its own outcome; one that did not run is named', async () => {
  const root = await tree({
    'report.json': JSON.stringify({
      testResults: [testFile('failed', 'passed', 'failed', 'pending', 'skipped', 'todo')],
    }),
  })

  const counts = await readReport(join(root, 'report.json'))

  expect(counts).toEqual({
    passed: 1,
    failed: 1,
    skipped: ['a.test.ts: test 2', 'a.test.ts: test 3', 'a.test.ts: test 4'],
  })
})

test('a file that breaks before its first test counts as a failure', async () => {
  const root = await tree({ 'report.json': JSON.stringify({ testResults: [testFile('failed'), testFile('passed')] }) })

  expect(await readReport(join(root, 'report.json'))).toEqual({ passed: 0, failed: 1, skipped: [] })
})

test('no report is not a report of nothing', async () => {
  expect(await readReport(join(await tree({}), 'report.json'))).toBeNull()
})

test('the closing line adds up all reports and mentions skipped tests only when there are any', () => {
  const one = { passed: 2, failed: 0, skipped: [] }

  expect(closingLine([one, one])).toBe('4 passed, 0 failed')
  expect(closingLine([one, { passed: 0, failed: 1, skipped: ['a'] }])).toBe('2 passed, 1 failed, 1 skipped')
  expect(closingLine([])).toBe('0 passed, 0 failed')
})
