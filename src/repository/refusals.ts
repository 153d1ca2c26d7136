/** Errors about what a caller passed. */
import { ValidationError } from '../errors.ts'

export function refuseUndefined(path: string): ValidationError {
  return refuse(path, 'is undefined', 'Leave the key out, or pass null to find rows where the column is NULL.')
}

export function refuse(subject: string, reason: string, advice?: string): ValidationError {
  return new ValidationError(advice === undefined ? { subject, reason } : { subject, reason, advice })
}
