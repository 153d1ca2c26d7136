import type { Command } from '../command.ts'
import { COMMON_OPTIONS } from '../parse.ts'
import type { Style } from './style.ts'
import { breakLines, renderTable } from './table.ts'

const NO_TITLES = [{ title: '' }, { title: '' }]

/** Help about one verb, about those that begin with a word, or (`about` empty) about all. */
export function renderHelp(about: string, commands: readonly Command[], style: Style): string {
  const command = commands.find(({ name }) => name === about)
  return command === undefined ? renderOverview(about, commands, style) : renderCommand(command, style)
}

function renderOverview(about: string, commands: readonly Command[], style: Style): string {
  const shown = commands.filter(({ name }) => about === '' || name.startsWith(`${about} `))
  const own =
    about === ''
      ? [
          ['--version', 'print the version'],
          ['--help', 'show this'],
        ]
      : [['--help', 'show this']]
  return [
    `${style.strong('Usage:')} noormme ${about === '' ? '' : `${about} `}COMMAND`,
    '',
    renderTable(
      NO_TITLES,
      [
        ...shown.map((each) => [`  ${each.name}`, each.summary]),
        ...own.map(([name, text]) => [`  ${name}`, text ?? '']),
      ],
      style,
    ),
    '',
    style.strong('Examples:'),
    ...shown.flatMap(({ examples }) => examples.slice(0, 1).map((example) => `  ${example}`)),
    '',
    `Exit codes: 0 all is well, 1 something was found, 2 it could not be done.`,
    `More about one: noormme ${shown[0]?.name} --help`,
  ].join('\n')
}

function renderCommand(command: Command, style: Style): string {
  const words = command.arguments.map(({ name, optional }) => (optional === true ? `[${name}]` : name))
  const options = [...command.options, ...COMMON_OPTIONS].map(({ name, value, about }) => ({
    name: `--${name}${value === undefined ? '' : ` ${value}`}`,
    about,
  }))
  const rows = [...command.arguments, ...options].map(({ name, about }) => [`  ${name}`, about])
  return [
    `${style.strong('Usage:')} noormme ${[command.name, ...words, '[OPTIONS]'].join(' ')}`,
    '',
    `${command.summary}.`,
    ...command.notes.flatMap((note) => breakLines(note, style.width)),
    '',
    renderTable(NO_TITLES, rows, style),
    '',
    style.strong('Examples:'),
    ...command.examples.map((example) => `  ${example}`),
  ].join('\n')
}
