import { verdict } from '../lib/verdict.ts'

verdict('not-run', 'not run', '`prisma migrate` downloads an engine from binaries.prisma.sh, which was not done here.')
