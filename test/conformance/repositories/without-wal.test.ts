import { repositoryConformance } from './repository-conformance.ts'
import { sqliteBackend } from './sqlite-backend.ts'

// There is one connection, and a transaction holds it.
const lacks = ['besideTransaction'] as const
repositoryConformance('a DELETE-mode file', sqliteBackend({ optimization: { enableWALMode: false } }, { lacks }))
repositoryConformance('memory', sqliteBackend({}, { memory: true, lacks }))
