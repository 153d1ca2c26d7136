/** The user's key for backups, as it is written in configuration or environment. */

const KEY_BYTES = 32

/**
 * 32 bytes, given as such, in base64 (`openssl rand -base64 32`) or in hexadecimal.
 *
 * @returns `null` for anything else. A passphrase is no key: it would have to be stretched, and be as hard to guess.
 */
export function parseEncryptionKey(key: string | Uint8Array): Uint8Array | null {
  if (typeof key !== 'string') return key.byteLength === KEY_BYTES ? Uint8Array.from(key) : null
  const text = key.trim()
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex')
  if (!/^[\w+/-]{43}=?$/.test(text)) return null
  const bytes = Buffer.from(text, 'base64')
  return bytes.byteLength === KEY_BYTES ? bytes : null
}
