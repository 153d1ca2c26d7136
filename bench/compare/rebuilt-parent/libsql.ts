import { verdict } from '../lib/verdict.ts'

verdict('refuses', 'no migrations', 'A driver: migrations are the business of other packages.')
