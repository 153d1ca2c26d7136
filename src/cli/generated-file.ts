/** The file of generated types on the disk: it is never another file that is overwritten, and never half a file. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { ValidationError } from '../errors.ts'
import { MARK } from '../schema/generate/generate-types.ts'

/**
 * The absolute path of the file.
 *
 * @throws ValidationError for a name that is none of a TypeScript module.
 */
export function generatedPath(out: string): string {
  if (/\.d\.[cm]?ts$/.test(out)) throw refuse(out, 'ends in .d.ts, and the file has a constant in it', 'End it in .ts.')
  if (!/\.[cm]?ts$/.test(out)) throw refuse(out, 'is no name of a TypeScript file', 'End it in .ts.')
  return resolve(out)
}

/**
 * What the file says now; `null` when there is none.
 *
 * @throws ValidationError for a file that was not generated.
 */
export function readGenerated(path: string): string | null {
  const text = attempt(path, 'read', () => readIfThere(path))
  if (text === null || text.includes(MARK)) return text
  throw refuse(path, 'was not made by noormme generate', 'Name another file with --out, or remove this one.')
}

/** Writes the file anew, as a whole or not at all; makes its folder. */
export function writeGenerated(path: string, text: string): void {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`)
  attempt(path, 'written', () => {
    mkdirSync(dirname(path), { recursive: true })
    try {
      writeFileSync(temporary, text)
      renameSync(temporary, path)
    } catch (error) {
      rmSync(temporary, { force: true })
      throw error
    }
  })
}

/** @throws ValidationError when there is no such file, or it cannot be read. */
export function readTypeFile(path: string): string {
  return attempt(path, 'read', () => readFileSync(path, 'utf8'))
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

function attempt<T>(path: string, done: 'read' | 'written', action: () => T): T {
  try {
    return action()
  } catch (cause) {
    const { code = 'unknown reason' } = cause as NodeJS.ErrnoException
    throw new ValidationError(
      { subject: path, reason: `cannot be ${done}: ${code}`, advice: 'Check the path.' },
      { cause },
    )
  }
}

function refuse(path: string, reason: string, advice: string): ValidationError {
  return new ValidationError({ subject: path, reason, advice })
}
