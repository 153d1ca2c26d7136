/**
 * The scripts of `npm run compare` that show noormme: whatever is compared there has to be right here. How the others fare is not
 * tested, since they are not installed.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { type Verdict, verdictsIn } from '../../bench/compare/lib/verdict.ts'
import { SCENARIOS } from '../../bench/compare/scenarios.ts'
import { hasNative } from '../support/native.ts'

const HOOKS = new URL('./sources-as-noormme.ts', import.meta.url).href
const LIMIT_MS = 5 * 60_000

/** Without the native extension a running statement cannot be stopped, which docs/limits.md says. */
const stopsStatements = hasNative && process.env.NOORMME_NATIVE !== '0'

async function verdicts(scenario: string): Promise<readonly Verdict[]> {
  const script = fileURLToPath(new URL(`../../bench/compare/${scenario}/noormme.ts`, import.meta.url))
  const child = spawn(process.execPath, ['--import', HOOKS, script], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  expect(errors).toBe('')
  return verdictsIn(output)
}

describe('beside other tools', () => {
  for (const { name, title, rows } of SCENARIOS) {
    test(
      title,
      async ({ skip }) => {
        const found = await verdicts(name)
        expect(found.map(({ row }) => row)).toEqual(rows === undefined ? [null] : Object.keys(rows))
        skip(
          found.some(({ kind }) => kind === 'not-run'),
          found[0]?.says,
        )

        const right = name === 'cancelled-query' && !stopsStatements ? 'yellow' : 'green'
        for (const { kind, says } of found) expect({ kind, says }).toEqual({ kind: right, says })
      },
      LIMIT_MS,
    )
  }
})
