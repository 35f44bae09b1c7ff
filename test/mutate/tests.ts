import { readFileSync } from 'node:fs';
import * as vitest from 'vitest';

type Run = (...given: unknown[]) => unknown;

/** A test as `vitest` runs it: with the hooks of its groups. */
export interface Test {
  readonly title: string;
  readonly run: () => Promise<void>;
}

interface Group {
  readonly title: string;
  readonly parent: Group | undefined;
  readonly before: Run[];
  readonly after: Run[];
  readonly once: Run[];
  started: boolean;
}

/** Titles are `%s`, `$name` or plain; they only have to distinguish tests. */
const titleOf = (title: string, row: unknown, index: number): string =>
  `${title
    .replaceAll(/%[sdifjo]/g, () => String(Array.isArray(row) ? row[0] : row))
    .replaceAll(/\$(\w+)/g, (_, key: string) =>
      typeof row === 'object' && row !== null ? String((row as Record<string, unknown>)[key]) : key,
    )} [${index}]`;

/** Vitest compares with files only while it runs a test itself. */
const expect = (actual: unknown, message?: string) =>
  Object.defineProperty(vitest.expect(actual, message), 'toMatchFileSnapshot', {
    value: (file: string) => {
      vitest.expect(actual).toBe(readFileSync(file, 'utf8'));
    },
  });

/** Replaces the module `vitest`, and returns the tests that modules declared through it since the last call. */
export function collectTests(): { readonly module: Record<string, unknown>; readonly take: () => Test[] } {
  let tests: Test[] = [];
  const top = (): Group => ({ title: '', parent: undefined, before: [], after: [], once: [], started: false });
  let group = top();
  const declare = (title: string, run: Run, row?: readonly unknown[]): void => {
    const own = group;
    const around: Group[] = [];
    for (let at: Group | undefined = own; at; at = at.parent) around.unshift(at);
    tests.push({
      title: [...around.map((one) => one.title), title].filter((one) => one !== '').join(' '),
      run: async () => {
        for (const one of around)
          if (!one.started) {
            one.started = true;
            for (const hook of one.once) await hook();
          }
        for (const one of around) for (const hook of one.before) await hook();
        try {
          await run(...(row ?? []));
        } finally {
          for (const one of around.toReversed()) for (const hook of one.after) await hook();
        }
      },
    });
  };
  const describe = (title: string, body: Run, row?: readonly unknown[]): void => {
    const outer = group;
    group = { ...top(), title, parent: outer };
    body(...(row ?? []));
    group = outer;
  };
  /** A list of rows, or a table of rows whose items are arguments. */
  const each =
    (into: (title: string, run: Run, row: readonly unknown[]) => void) =>
    (rows: readonly unknown[]) =>
    (title: string, ...parts: readonly unknown[]): void => {
      const run = parts.find((part): part is Run => typeof part === 'function');
      if (!run) throw new Error(`${title} has no body`);
      for (const [i, row] of rows.entries()) into(titleOf(title, row, i), run, Array.isArray(row) ? row : [row]);
    };
  const withEach = (into: (title: string, run: Run, row?: readonly unknown[]) => void) => {
    const plain = (title: string, ...parts: readonly unknown[]): void => {
      const run = parts.find((part): part is Run => typeof part === 'function');
      if (run) into(title, run);
    };
    return Object.assign(plain, { each: each(into), skipIf: (skip: boolean) => (skip ? () => {} : plain) });
  };
  const hookOf = (name: 'before' | 'after' | 'once') => (hook: Run) => group[name].push(hook);
  const module = {
    ...vitest,
    expect: Object.assign(expect, vitest.expect),
    test: withEach(declare),
    it: withEach(declare),
    describe: withEach(describe),
    beforeEach: hookOf('before'),
    afterEach: hookOf('after'),
    beforeAll: hookOf('once'),
    // What is left at the end of a file stays until this process ends.
    afterAll: () => {},
  };
  return {
    module,
    take: () => {
      const taken = tests;
      tests = [];
      group = top();
      return taken;
    },
  };
}
