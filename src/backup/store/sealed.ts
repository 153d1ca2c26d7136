/**
 * How an object is encrypted: AES-256-GCM in chunks, so that it can be read as it comes and from any place.
 *
 *     "NOORMENC" · version 1 · 3 zeros · key id (4) · salt (16) │ chunk │ chunk │ … │ last chunk
 *                                                               └ 64 KiB of ciphertext (the last one less) · tag (16)
 *
 * Each object has a key of its own, made by HKDF-SHA-256 of the user's key and the salt, which is random. So the nonce, the
 * chunk's number and whether it is the last, never meets the same key twice. The object's name is authenticated with each
 * chunk: chunks that are changed, reordered, left out, cut off or taken from another object are refused. This is the STREAM
 * construction of https://eprint.iacr.org/2015/189.
 */
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'

const MAGIC = Buffer.from('NOORMENC\x01\0\0\0', 'latin1')
const KEY_ID_BYTES = 4
const SALT_BYTES = 16
const TAG_BYTES = 16
/** Bytes of plain text in a chunk. */
export const CHUNK_BYTES = 64 * 1024
export const HEADER_BYTES = MAGIC.length + KEY_ID_BYTES + SALT_BYTES
export const SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES

/** Why an object cannot be opened, as a sentence about it. */
export class SealError extends Error {}

/** Names the user's key without telling anything of it. */
function keyId(key: Uint8Array): Buffer {
  return createHash('sha256').update('noormme backup key id\0').update(key).digest().subarray(0, KEY_ID_BYTES)
}

/** One object's cipher. */
export class Seal {
  readonly header: Buffer
  readonly #key: Buffer
  readonly #name: Buffer

  private constructor(header: Buffer, userKey: Uint8Array, name: string) {
    this.header = header
    const salt = header.subarray(-SALT_BYTES)
    this.#key = Buffer.from(hkdfSync('sha256', userKey, salt, 'noormme backup object 1', 32))
    this.#name = Buffer.from(name)
  }

  /** For a new object of that name. */
  static create(userKey: Uint8Array, name: string): Seal {
    return new Seal(Buffer.concat([MAGIC, keyId(userKey), randomBytes(SALT_BYTES)]), userKey, name)
  }

  /** @throws SealError when `header` is of something else, or of an object that another key has encrypted. */
  static open(header: Buffer, userKey: Uint8Array, name: string): Seal {
    if (header.length < HEADER_BYTES || !header.subarray(0, MAGIC.length).equals(MAGIC))
      throw new SealError('is not encrypted in a way that is known here')
    if (!header.subarray(MAGIC.length, MAGIC.length + KEY_ID_BYTES).equals(keyId(userKey)))
      throw new SealError('was encrypted with another key')
    return new Seal(header.subarray(0, HEADER_BYTES), userKey, name)
  }

  encrypt(index: number, last: boolean, plain: Uint8Array): Buffer {
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonceOf(index, last)).setAAD(this.#name)
    return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  }

  /** `null` when it is not what was written there. */
  decrypt(index: number, last: boolean, sealed: Uint8Array): Buffer | null {
    if (sealed.byteLength < TAG_BYTES) return null
    const text = sealed.subarray(0, -TAG_BYTES)
    const decipher = createDecipheriv('aes-256-gcm', this.#key, nonceOf(index, last), { authTagLength: TAG_BYTES })
    decipher.setAAD(this.#name).setAuthTag(sealed.subarray(-TAG_BYTES))
    try {
      return Buffer.concat([decipher.update(text), decipher.final()])
    } catch {
      return null
    }
  }
}

function nonceOf(index: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeUIntBE(index, 5, 6)
  nonce[11] = last ? 1 : 0
  return nonce
}
