import { verdict } from '../lib/verdict.ts'

verdict('not-run', 'not run', 'Its package of migrations is not published for the version that is compared here.')
