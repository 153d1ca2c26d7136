/** The rules of `backup.target`, `backup.compression` and `backup.encryptionKey`. */
import zlib from 'node:zlib'
import { parseBackupTarget } from './backup-target.ts'
import { accept, describe, oneOf, type Rule, refuse } from './rules.ts'

/** A folder's path, or a bucket's address; which folder is decided with the working directory. */
export function backupTarget(): Rule<string> {
  return (value) => {
    if (typeof value !== 'string')
      return refuse(`must be a folder's path or s3://bucket/prefix, got ${describe(value)}`)
    const parsed = parseBackupTarget(value, '/')
    return parsed.ok ? accept(value) : parsed
  }
}

export function compression(): Rule<'none' | 'zstd'> {
  const rule = oneOf('none', 'zstd')
  return (value) => {
    const checked = rule(value)
    if (!checked.ok || checked.value === 'none' || typeof zlib.createZstdCompress === 'function') return checked
    return refuse('must be "none" on this Node.js: zstd came with 22.15')
  }
}

export const KEY_FORM = 'must be 32 bytes in base64 or hexadecimal: openssl rand -base64 32'

/** Given as it is configured, never repeated in a message. */
export function encryptionKey(): Rule<string> {
  return (value) => {
    if (typeof value === 'string' && parseEncryptionKey(value) !== null) return accept(value.trim())
    return refuse(KEY_FORM)
  }
}

const KEY_BYTES = 32

/**
 * 32 bytes, in base64 (`openssl rand -base64 32`) or in hexadecimal.
 *
 * @returns `null` for anything else. A passphrase is no key: it would have to be stretched, and be as hard to guess.
 */
export function parseEncryptionKey(key: string): Uint8Array | null {
  const text = key.trim()
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex')
  if (!/^[\w+/-]{43}=?$/.test(text)) return null
  const bytes = Buffer.from(text, 'base64')
  return bytes.byteLength === KEY_BYTES ? bytes : null
}
