/** From what was typed to a verb and its input. Whatever is wrong is answered with the nearest right thing. */
import { parseArgs } from 'node:util'
import { ValidationError } from '../errors.ts'
import { nearest } from '../util/nearest.ts'
import type { Command, Input, Option } from './command.ts'

export type Request =
  | { readonly kind: 'version' }
  /** `about`: the words of a verb, possibly only the first; empty for all. */
  | { readonly kind: 'help'; readonly about: string }
  | { readonly kind: 'run'; readonly command: Command; readonly input: Input; readonly json: boolean }

/** What every verb has. */
export const COMMON_OPTIONS: readonly Option[] = [
  { name: 'json', about: 'print one JSON document instead of text' },
  { name: 'help', about: 'show this' },
]
/** What stands alone. */
const GLOBAL_OPTIONS = ['--help', '--version']

/** @throws ValidationError for an unknown verb or option, a missing or superfluous argument. */
export function parse(args: readonly string[], commands: readonly Command[]): Request {
  const [first, second] = args
  if (first === undefined || first === '--help' || first === '-h') return { kind: 'help', about: '' }
  if (first === '--version' || first === '-v') return { kind: 'version' }
  if (first.startsWith('-')) throw unknown(first, 'no option that can come first', GLOBAL_OPTIONS, 'noormme --help')

  const group = commands.filter(({ name }) => name.split(' ')[0] === first)
  const command = group.find(({ name }) => name === first || name === `${first} ${second}`)
  if (command !== undefined) return parseInput(command, args.slice(command.name.split(' ').length))
  if (group.length === 0) {
    const verbs = new Set(commands.map(({ name }) => name.split(' ')[0] ?? name))
    throw unknown(first, 'no command', [...verbs], 'noormme --help')
  }

  const seconds = group.map(({ name }) => name.split(' ')[1] ?? '')
  if (second === '--help' || second === '-h') return { kind: 'help', about: first }
  const help = `noormme ${first} --help`
  if (second === undefined) throw mistake(`noormme ${first}`, `needs one of ${seconds.join(', ')}`, help)
  throw unknown(second, `no command of noormme ${first}`, seconds, help)
}

function parseInput(command: Command, args: readonly string[]): Request {
  const options = [...command.options, ...COMMON_OPTIONS]
  const help = `noormme ${command.name} --help`
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      options.map(({ name, value }) => [
        name,
        { type: value === undefined ? ('boolean' as const) : ('string' as const) },
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  })

  const given: Record<string, string> = {}
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const option = options.find(({ name }) => name === (token.rawName === '-h' ? 'help' : token.name))
    const names = options.map(({ name }) => `--${name}`)
    if (option === undefined || (token.rawName !== `--${option.name}` && token.rawName !== '-h')) {
      throw unknown(token.rawName, `no option of noormme ${command.name}`, names, help)
    }
    const takesValue = option.value !== undefined
    const isOption = token.inlineValue === false && token.value.startsWith('-')
    if (takesValue && (!token.value || isOption))
      throw mistake(token.rawName, `needs a value: ${token.rawName} ${option.value}`, help)
    if (!takesValue && token.value !== undefined) throw mistake(token.rawName, 'takes no value', help)
    if (given[option.name] !== undefined && takesValue) throw mistake(token.rawName, 'is given twice', help)
    given[option.name] = token.value ?? 'yes'
  }
  if (given.help !== undefined) return { kind: 'help', about: command.name }

  const { json, ...rest } = given
  const words = tokens.flatMap((token) => (token.kind === 'positional' ? token.value : []))
  return {
    kind: 'run',
    command,
    json: json !== undefined,
    input: { arguments: nameArguments(command, words), options: rest },
  }
}

function nameArguments(command: Command, words: readonly string[]): Record<string, string> {
  const help = `noormme ${command.name} --help`
  const missing = command.arguments.find(({ optional }, index) => !words[index] && optional !== true)
  if (missing !== undefined) throw mistake(`noormme ${command.name}`, `needs ${missing.name}, ${missing.about}`, help)
  const superfluous = words[command.arguments.length]
  if (superfluous !== undefined)
    throw mistake(JSON.stringify(superfluous), `is one argument too many for noormme ${command.name}`, help)
  return Object.fromEntries(
    command.arguments.flatMap(({ name }, index) => (words[index] === undefined ? [] : [[name, words[index]]])),
  )
}

function unknown(word: string, what: string, candidates: readonly string[], help: string): ValidationError {
  const near = nearest(word, candidates)
  const meant = near.length === 0 ? '' : `. Did you mean ${near.join(' or ')}?`
  return mistake(JSON.stringify(word), `is ${what}${meant}`, help)
}

function mistake(subject: string, reason: string, help: string): ValidationError {
  return new ValidationError({ subject, reason, advice: `See ${help}` })
}
