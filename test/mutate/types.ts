import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { folders, type Name } from './names.ts';

/* Names that the compiler checks. */

interface Fault {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}
/** What the compiler finds wrong where some names are misspelled; `check` is called with them again and again. */
function withTypes<T>(check: (faults: (misspelled: readonly Name[]) => readonly Fault[]) => T): T {
  const copy = mkdtempSync(join(tmpdir(), 'ekslint-mutate-'));
  try {
    for (const part of ['src', 'package.json', 'tsconfig.json']) cpSync(part, join(copy, part), { recursive: true });
    // The adapters alone take a fifth of the time.
    writeFileSync(join(copy, 'adapters.json'), JSON.stringify({ extends: './tsconfig.json', include: folders }));
    symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
    let touched = new Set<string>();
    return check((misspelled) => {
      const now = new Set(misspelled.map(({ file }) => file));
      for (const file of new Set([...touched, ...now])) {
        let text = readFileSync(file, 'utf8');
        for (const { end, file: own } of misspelled.toSorted((a, b) => b.end - a.end))
          if (own === file) text = `${text.slice(0, end)}Zz${text.slice(end)}`;
        writeFileSync(join(copy, file), text);
      }
      touched = now;
      const { stdout } = spawnSync('npx', ['tsc', '--noEmit', '-p', 'adapters.json'], {
        cwd: copy,
        encoding: 'utf8',
        maxBuffer: 1e9,
      });
      return [...stdout.matchAll(/^(src\/[^(]+)\((\d+),(\d+)\): error/gm)].map(([, file = '', line, column]) => ({
        file,
        line: Number(line),
        column: Number(column),
      }));
    });
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/**
 * Names that the types check: all are misspelled at once, and each causes an error. An error in a line belongs to the
 * only name there, or to the name at its column. If a name of the line is left over, it is tried again without the
 * others.
 */
export const heldByTypes = (names: readonly Name[]): ReadonlySet<Name> =>
  withTypes((faults) => {
    const held = new Set<Name>();
    for (let before = -1; before < held.size;) {
      before = held.size;
      const left = names.filter((name) => !held.has(name));
      for (const { file, line, column } of faults(left)) {
        const there = left
          .filter((name) => name.file === file && name.line === line)
          .sort((a, b) => a.column - b.column)
          // Each earlier name in the line is longer by two.
          .map((name, index) => ({ name, from: name.column + 2 * index }));
        const at = there.findLast(({ from }) => from <= column);
        const isAt = at !== undefined && column <= at.from + at.name.text.length + 1;
        const one = there.length === 1 ? there[0] : isAt ? at : undefined;
        if (one) held.add(one.name);
      }
    }
    return held;
  });

/** The same for names whose errors stand elsewhere in their file: each is the only one that is misspelled there. */
export const heldAlone = (names: readonly Name[]): ReadonlySet<Name> =>
  withTypes((faults) => {
    const held = new Set<Name>();
    for (let left = [...names]; left.length > 0;) {
      const byFile = new Map(left.map((name) => [name.file, name]));
      for (const { file } of faults([...byFile.values()])) {
        const name = byFile.get(file);
        if (name) held.add(name);
      }
      left = left.filter((name) => byFile.get(name.file) !== name);
    }
    return held;
  });
