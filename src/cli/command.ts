/** What a verb of the command line is: its words for `--help`, and what it does with what was typed. */
import type { Progress } from './render/progress.ts'
import type { Style } from './render/style.ts'

export interface Argument {
  /** In capitals, as in the usage line. */
  readonly name: string
  readonly about: string
  readonly optional?: true
}

export interface Option {
  readonly name: string
  readonly about: string
  /** What stands for its value in the usage line; without one the option is a switch. */
  readonly value?: string
}

export interface Input {
  /** By name; one that was left out is not there. */
  readonly arguments: Readonly<Record<string, string>>
  readonly options: Readonly<Record<string, string>>
}

export interface Outcome {
  /** 0: all is well. 1: something was found that wants attention. */
  readonly code: 0 | 1
  /** What `--json` prints; `null` when everything has been printed line by line. */
  readonly json: object | null
  readonly text: (style: Style) => string
}

/** For a verb that runs for long, or until it is ended. */
export interface RunContext {
  /** Shows how far it has come, on a terminal only. */
  readonly progress: (progress: Progress) => void
  /** Prints a text while the verb still runs; nothing with `--json`, whose only document comes at the end. */
  readonly say: (text: (style: Style) => string) => void
  /** Prints one of many findings: with `--json` as a line of JSON. The document at the end is `null` then. */
  readonly line: (json: object, text: (style: Style) => string) => void
  readonly asJson: boolean
}

export interface Command {
  /** One word or two: `status`, `migrate up`. */
  readonly name: string
  readonly summary: string
  readonly arguments: readonly Argument[]
  readonly options: readonly Option[]
  readonly examples: readonly string[]
  /** Further sentences for `--help`. */
  readonly notes: readonly string[]
  readonly run: (input: Input, context: RunContext) => Promise<Outcome>
}

/** The argument that every verb has. */
export const FILE: Argument = { name: 'FILE', about: 'the database file' }
