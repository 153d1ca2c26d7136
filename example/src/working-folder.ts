/** Makes the gallery's folder the working one. Imported before anything that looks a relative path up. */
import { fileURLToPath } from 'node:url'

// One default database, wherever the program is started from.
process.chdir(fileURLToPath(new URL('..', import.meta.url)))
