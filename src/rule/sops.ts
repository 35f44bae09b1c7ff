/* What SOPS encrypted. */
export { isEncrypted } from '#model/sops.ts';
