/** Visitors: anonymous, known by a random token in a cookie. */
import { createHash, randomBytes } from 'node:crypto'
import { db } from '../db/noormme.ts'

/** 256 bits: nobody guesses one. */
const TOKEN_BYTES = 32

const hash = (token: string): string => createHash('sha256').update(token).digest('hex')

/** The visitor whose cookie this is, or `null` for a cookie that is not ours. */
export async function findVisitor(token: string): Promise<number | null> {
  const visitor = await db.getRepository('visitors').findOneByTokenHash(hash(token))
  return visitor?.id ?? null
}

export async function createVisitor(): Promise<{ readonly id: number; readonly token: string }> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  const { id } = await db.getRepository('visitors').create({ token_hash: hash(token) })
  return { id, token }
}
