import { expect, test } from 'vitest'
import { checkDocs } from './check-docs.ts'
import { silent, tree } from './lib/tree.ts'

const GOOD = {
  'src/errors.ts': `
    class OldError { static code = 'NOORMME_OLD' }
    class BusyError { static code = 'NOORMME_BUSY'; retryable: true = true }
    export const ERROR_CATALOGUE = new Map([OldError, BusyError].map((each) => [each.code, each]))`,
  'src/config/keys.ts': "export const CONFIG_KEYS = ['dialect', 'connection.database']",
  'docs/errors.md':
    '| code | class | when | retryable |\n|---|---|---|---|\n| `NOORMME_OLD` | `OldError` | old | no |\n| `NOORMME_BUSY` | `BusyError` | busy | yes |\n',
  'docs/configuration.md':
    '| key | type |\n|---|---|\n| `dialect` | text |\n| `connection.database` | text |\n\n| form | |\n|---|---|\n| `:memory:` | |\n',
}

const problems = async (path: keyof typeof GOOD, from: string, to: string) =>
  checkDocs(await tree({ ...GOOD, [path]: GOOD[path].replace(from, to) }), silent)

test('pages that say what the code says pass', async () => {
  expect(await checkDocs(await tree(GOOD), silent)).toEqual([])
})

test.each([
  [
    'a code without a row',
    'docs/errors.md',
    '| `NOORMME_OLD` | `OldError` | old | no |\n',
    '',
    'lacks the code NOORMME_OLD',
  ],
  ['a row without a code', 'src/errors.ts', '[OldError, BusyError]', '[BusyError]', 'no code is named NOORMME_OLD'],
  ['another class', 'docs/errors.md', '`OldError`', '`OlderError`', 'NOORMME_OLD is the class OldError'],
  ['another retryability', 'docs/errors.md', 'busy | yes', 'busy | no', 'NOORMME_BUSY is retryable: yes'],
  ['a key without a row', 'docs/configuration.md', '| `dialect` | text |\n', '', 'lacks the key dialect'],
  ['a row without a key', 'docs/configuration.md', '`dialect`', '`dialect`, `dialekt`', 'no key is named dialekt'],
  [
    'a key twice',
    'docs/configuration.md',
    '| `dialect` | text |',
    '| `dialect`, `dialect` | text |',
    'key dialect twice',
  ],
  ['no list of keys', 'src/config/keys.ts', 'CONFIG_KEYS', 'KEYS', 'exports no CONFIG_KEYS'],
] as const)('%s fails', async (_, path, from, to, expected) => {
  expect(await problems(path, from, to)).toEqual([expect.stringContaining(expected)])
})

test('a page that is missing fails', async () => {
  const { 'docs/errors.md': _, ...rest } = GOOD

  expect(await checkDocs(await tree(rest), silent)).toEqual(['docs/errors.md does not exist'])
})
