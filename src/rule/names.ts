/*
 * Names, labels and keys as the API server accepts them (Kubernetes documentation, Object Names and IDs; Labels and
 * Selectors).
 */

const label = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const labelFromLetter = /^[a-z](?:[-a-z0-9]*[a-z0-9])?$/;
const word = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

/** Why a string is not a DNS label (RFC 1123); undefined if it is one. */
export const labelFault = (name: string): string | undefined =>
  name.length > 63
    ? 'is longer than 63 characters'
    : label.test(name)
      ? undefined
      : 'must be lowercase letters, digits and "-"';
/** Why a string is not a DNS label that starts with a letter (RFC 1035). */
export const letterLabelFault = (name: string): string | undefined =>
  name.length > 63
    ? 'is longer than 63 characters'
    : labelFromLetter.test(name)
      ? undefined
      : 'must be lowercase letters, digits and "-", and start with a letter';
/** Why a string is not a DNS subdomain. */
export const subdomainFault = (name: string): string | undefined =>
  name.length > 253
    ? 'is longer than 253 characters'
    : name.split('.').every((part) => label.test(part))
      ? undefined
      : 'must be lowercase letters, digits, "-" and "."';
/** Why a string cannot be a URL path segment, which is the only requirement for names of RBAC objects. */
export const segmentFault = (name: string): string | undefined =>
  name === '.' || name === '..' || /[/%]/.test(name) ? 'must not contain "/" or "%"' : undefined;

/**
 * Why a string is not a valid key of labels or annotations: an optional DNS subdomain and "/", and a name of up to 63
 * characters.
 */
export function keyFault(key: string): string | undefined {
  const [name = '', prefix, ...more] = key.split('/').toReversed();
  if (more.length > 0) return 'has more than one "/"';
  if (prefix !== undefined && (prefix === '' || subdomainFault(prefix) !== undefined))
    return 'has a prefix that is not a DNS name';
  if (name.length > 63) return 'has a name longer than 63 characters';
  return word.test(name) ? undefined : 'must be letters, digits, "-", "_" and ".", with a letter or digit at both ends';
}
/** Why a string is not a valid label value. */
export const valueFault = (value: string): string | undefined =>
  value.length > 63
    ? 'is longer than 63 characters'
    : value === '' || word.test(value)
      ? undefined
      : 'must be letters, digits, "-", "_" and ".", with a letter or digit at both ends';

/** The valid DNS label that is closest to a string; undefined if nothing is left. */
export function likelyName(name: string): string | undefined {
  const made = name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
  return made === '' || made === name ? undefined : made;
}
