import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, inject } from 'vitest';

/** The program as users start it, out of the package that `install.ts` has installed. */
export const bin = (): string => join(inject('installed'), 'bin/ekslint.cjs');

const made: string[] = [];
afterAll(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A temporary folder with these files in it; gone when the tests of the file are over. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'ekslint-test-')));
  made.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the program with nothing of our environment but the path, on a fixed day. */
export function ekslint(
  cwd: string,
  args: readonly string[],
  options: { env?: Record<string, string>; input?: string | Buffer; node?: readonly string[] } = {},
): Run {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [...(options.node ?? []), bin(), ...args], {
    cwd,
    encoding: 'utf8',
    input: options.input ?? '',
    timeout: 20_000,
    maxBuffer: 64 * 1024 * 1024,
    env: { PATH: process.env['PATH'] ?? '', HOME: cwd, SOURCE_DATE_EPOCH: '1795219200', ...options.env },
  });
  if (error) throw error;
  return { code: status, stdout, stderr };
}

/** Starts a shell line in which "$EKSLINT" is the program. */
export function shell(cwd: string, line: string): Run {
  const { status, stdout, stderr, error } = spawnSync('bash', ['-c', line], {
    cwd,
    encoding: 'utf8',
    timeout: 20_000,
    env: { PATH: process.env['PATH'] ?? '', HOME: cwd, SOURCE_DATE_EPOCH: '1795219200', EKSLINT: bin() },
  });
  if (error) throw error;
  return { code: status, stdout, stderr };
}

/** A pod in YAML. */
export const pod = (name: string, privileged = true): string => `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: shop}
spec:
  containers:
    - name: app
      image: example.com/app:1.0.0
      securityContext: {privileged: ${privileged}}
`;

/** The rule that end-to-end tests judge by, so that new rules change nothing in them. */
export const only = ['--only', 'pod-security/privileged-container'] as const;
