import { describe, expect, it } from 'vitest'
import { isNoormmeError } from '../errors.ts'
import { COMMANDS } from './commands.ts'
import { parse } from './parse.ts'

function messageOf(...args: string[]): string {
  try {
    parse(args, COMMANDS)
  } catch (error) {
    if (isNoormmeError(error, 'NOORMME_VALIDATION')) return `${error.message} | ${error.hint}`
    throw error
  }
  throw new Error('nothing was refused')
}

describe('what is right', () => {
  it('finds verbs of one word and of two, with arguments and options in any order', () => {
    expect(parse(['inspect', '--json', 'a.db', 'users'], COMMANDS)).toMatchObject({
      kind: 'run',
      command: { name: 'inspect' },
      json: true,
      input: { arguments: { FILE: 'a.db', TABLE: 'users' }, options: {} },
    })
    expect(parse(['migrate', 'up', '--dir', 'm', 'a.db'], COMMANDS)).toMatchObject({
      command: { name: 'migrate up' },
      json: false,
      input: { arguments: { FILE: 'a.db' }, options: { dir: 'm' } },
    })
    expect(parse(['status', 'a.db', '--dir=x=y'], COMMANDS)).toMatchObject({ input: { options: { dir: 'x=y' } } })
  })

  it('takes what follows -- as it is', () => {
    expect(parse(['inspect', '--', '--json', '-t'], COMMANDS)).toMatchObject({
      json: false,
      input: { arguments: { FILE: '--json', TABLE: '-t' } },
    })
  })

  it.each([
    [[], ''],
    [['--help'], ''],
    [['-h'], ''],
    [['migrate', '--help'], 'migrate'],
    [['migrate', 'up', '--help'], 'migrate up'],
    [['inspect', 'a.db', '-h'], 'inspect'],
  ])('answers %j with help', (args, about) => {
    expect(parse(args, COMMANDS)).toEqual({ kind: 'help', about })
  })
})

describe('what is wrong', () => {
  it.each([
    [['insepct', 'a.db'], '"insepct" is no command. Did you mean inspect? | See noormme --help'],
    [['frobnicate'], '"frobnicate" is no command | See noormme --help'],
    [['--vresion'], '"--vresion" is no option that can come first. Did you mean --version? | See noormme --help'],
    [['migrate'], 'noormme migrate needs one of up, status | See noormme migrate --help'],
    [['migrate', 'upp'], '"upp" is no command of noormme migrate. Did you mean up? | See noormme migrate --help'],
    [
      ['status', 'a.db', '--jsn'],
      '"--jsn" is no option of noormme status. Did you mean --json? | See noormme status --help',
    ],
    [['status', 'a.db', '-j'], '"-j" is no option of noormme status | See noormme status --help'],
    [
      ['status', 'a.db', '--no-json'],
      '"--no-json" is no option of noormme status. Did you mean --json? | See noormme status --help',
    ],
    [['status'], 'noormme status needs FILE, the database file | See noormme status --help'],
    [['status', ''], 'noormme status needs FILE, the database file | See noormme status --help'],
    [['status', 'a.db', 'users'], '"users" is one argument too many for noormme status | See noormme status --help'],
    [['status', 'a.db', '--json=yes'], '--json takes no value | See noormme status --help'],
    [['status', 'a.db', '--dir'], '--dir needs a value: --dir FOLDER | See noormme status --help'],
    [['status', 'a.db', '--dir', '--json'], '--dir needs a value: --dir FOLDER | See noormme status --help'],
    [['status', 'a.db', '--dir', 'a', '--dir', 'b'], '--dir is given twice | See noormme status --help'],
  ])('answers %j with what is right', (args, message) => {
    expect(messageOf(...args)).toBe(message)
  })
})
