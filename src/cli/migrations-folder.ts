/** The option that names the folder of migration files, the same for every verb. */
import type { Option } from './command.ts'

/** Relative to the working directory. */
export const DEFAULT_FOLDER = 'migrations'

export const DIR: Option = {
  name: 'dir',
  value: 'FOLDER',
  about: `the folder of migration files (default: ${DEFAULT_FOLDER})`,
}
