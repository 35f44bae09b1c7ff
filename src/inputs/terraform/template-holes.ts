/** The holes of a template, as `[start, end]`; undefined if it has directives, which control the rest. */
export function holesOf(text: string): [number, number][] | undefined {
  const holes: [number, number][] = [];
  for (let i = 0; i < text.length; i++) {
    if ((text[i] !== '$' && text[i] !== '%') || text[i + 1] !== '{') continue;
    if (text[i - 1] === text[i]) continue; // $${ is a literal ${
    if (text[i] === '%') return undefined;
    const start = i;
    let depth = 0;
    for (i += 1; i < text.length; i++) {
      if (text[i] === '"') for (i++; i < text.length && text[i] !== '"'; i++) if (text[i] === '\\') i++;
      if (text[i] === '{') depth++;
      else if (text[i] === '}' && --depth === 0) break;
    }
    holes.push([start, i + 1]);
  }
  return holes;
}
