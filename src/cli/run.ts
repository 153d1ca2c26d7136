/** Runs what was typed: prints what a verb found to stdout, errors with their hint to stderr, and says the exit code. */
import { readFileSync } from 'node:fs'
import { isNoormmeError } from '../errors.ts'
import type { RunContext } from './command.ts'
import { COMMANDS } from './commands.ts'
import { parse } from './parse.ts'
import { renderHelp } from './render/help.ts'
import { progressLine } from './render/progress.ts'
import { createStyle, type Style } from './render/style.ts'
import { printable } from './render/text.ts'

/** 0: all is well. 1: something was found. 2: it could not be done. */
export type ExitCode = 0 | 1 | 2

const INTERNAL_HINT = 'This is a mistake in noormme itself; the lines above say where.'

/** Never rejects: a failure is printed, and is exit code 2. */
export async function run(args: readonly string[]): Promise<ExitCode> {
  try {
    const style = createStyle(process.stdout, process.env)
    const request = parse(args, COMMANDS)
    switch (request.kind) {
      case 'version':
        print(`noormme ${version()}`)
        return 0
      case 'help':
        print(renderHelp(request.about, COMMANDS, style))
        return 0
      case 'run': {
        const say = (text: (style: Style) => string): void => {
          if (!request.json) print(text(style))
        }
        const line: RunContext['line'] = (json, text) => print(request.json ? toJson(json, 0) : text(style))
        const shown = progressLine(process.stderr)
        const progress = request.json ? () => {} : shown.draw
        const context = { say, line, progress, asJson: request.json }
        const { code, json, text } = await request.command.run(request.input, context).finally(shown.done)
        if (json !== null) print(request.json ? toJson(json) : text(style))
        return code
      }
      default:
        return request satisfies never
    }
  } catch (error) {
    if (args.includes('--json')) print(toJson(describe(error)))
    else printError(error, createStyle(process.stderr, process.env))
    return 2
  }
}

function describe(error: unknown): object {
  if (isNoormmeError(error)) return { error: { code: error.code, message: error.message, hint: error.hint } }
  return { error: { code: null, message: error instanceof Error ? error.message : String(error), hint: INTERNAL_HINT } }
}

function printError(error: unknown, style: Style): void {
  if (isNoormmeError(error)) {
    console.error(`${style.bad('error')} ${printable(error.message)}\n${style.dim(printable(error.hint))}`)
    return
  }
  console.error(`${error instanceof Error ? error.stack : String(error)}\n${INTERNAL_HINT}`)
}

function print(text: string): void {
  console.log(text)
}

/** Integers that a number cannot hold become text. */
function toJson(value: object, indent = 2): string {
  return JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? String(item) : item), indent)
}

function version(): string {
  const manifest: { version: string } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return manifest.version
}
