/**
 * A digest of a string: 16 hex digits. It keeps findings apart and protects nothing, so it need not load a
 * cryptographic hash.
 */
function digest(text: string): string {
  // FNV-1a over UTF-16 code units with two starts, each mixed at the end as MurmurHash3 does (both in the public
  // domain).
  const lane = (start: number): string => {
    let sum = start;
    for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193);
    sum = Math.imul(sum ^ (sum >>> 16), 0x85ebca6b);
    sum = Math.imul(sum ^ (sum >>> 13), 0xc2b2ae35);
    return ((sum ^ (sum >>> 16)) >>> 0).toString(16).padStart(8, '0');
  };
  return lane(0x811c9dc5) + lane(0x2f0b4c47 ^ text.length);
}

/**
 * Gives each finding of a run its fingerprint: the digest of its content, and of a counter if several have the same
 * content.
 */
export function fingerprints(): (words: readonly string[]) => string {
  const counts = new Map<string, number>();
  return (words) => {
    const key = words.join('\n');
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    return digest(`${key}\n${count}`);
  };
}
