import { repositoryConformance } from './repository-conformance.ts'
import { sqliteBackend } from './sqlite-backend.ts'

repositoryConformance('a WAL file', sqliteBackend())
// Nothing runs inline, so that no read is too short to be kept.
const performance = { enableCaching: true, inlineReadBudget: 0 }
repositoryConformance('a WAL file with kept results', sqliteBackend({ performance }))
