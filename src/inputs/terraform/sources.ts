/** The folder that a local source refers to (Terraform Language, Module Sources). */
export function localFolder(from: string, source: unknown): string | undefined {
  if (typeof source !== 'string' || !/^\.\.?(?:\/|$)/.test(source)) return undefined;
  return joinPath(from, source);
}

/** A path relative to a folder; it starts with `..` if it leaves the parent of the folder. */
export function joinPath(from: string, path: string): string {
  const steps = from === '' ? [] : from.split('/');
  for (const step of path.split('/')) {
    if (step === '..') {
      if (steps.length === 0 || steps.at(-1) === '..') steps.push('..');
      else steps.pop();
    } else if (step !== '.' && step !== '') steps.push(step);
  }
  return steps.join('/');
}
