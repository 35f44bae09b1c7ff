/**
 * Gives each finding of a run its fingerprint: 16 hex digits of what it says, and a count where several say the same. The digest is
 * loaded only where there is something to sign: it costs a clean run some milliseconds.
 */
export function fingerprints(): (words: readonly string[]) => string {
  const counts = new Map<string, number>();
  return (words) => {
    const key = words.join('\n');
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    return process
      .getBuiltinModule('node:crypto')
      .createHash('sha1')
      .update(`${key}\n${count}`)
      .digest('hex')
      .slice(0, 16);
  };
}
