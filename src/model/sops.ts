import { dig } from './dig.ts';

/**
 * Whether SOPS encrypted values of an object. It then adds a map `sops` with an encrypted checksum, which decryption
 * removes, and every encrypted value is a string (https://getsops.io/docs/, Encryption Protocol and Message
 * Authentication Code).
 */
export function isEncrypted(object: unknown): boolean {
  return isEncryptedValue(dig(object, 'sops', 'mac'));
}
/** What is said of an object that no rule recognizes. */
export const encryptedKind = 'objects whose kind SOPS encrypted are not judged: lint the decrypted file';
export const isEncryptedValue = (value: unknown): boolean => typeof value === 'string' && value.startsWith('ENC[');
