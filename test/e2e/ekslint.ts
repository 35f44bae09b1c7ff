import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, inject } from 'vitest';

/** The program as users start it, from the package that `install.ts` has installed: it exists only for test/e2e. */
export const bin = join(inject('installed') ?? 'not installed', 'bin/ekslint.cjs');

const made: string[] = [];
afterAll(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
}, 60_000);

/** A temporary folder with these files, which is removed after the tests of the file. */
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

interface Start {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Buffer;
  readonly node?: readonly string[];
  /** A command that starts the command after it. */
  readonly before?: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
}

/** Starts a program with nothing of our environment except the path, on a fixed day. */
export function runProgram(program: string, cwd: string, args: readonly string[], options: Start = {}): Run {
  const { env, input = '', node = [], before = [], ...user } = options;
  const [command = '', ...words] = [...before, process.execPath, ...node, program, ...args];
  const { status, stdout, stderr, error } = spawnSync(command, words, {
    cwd,
    encoding: 'utf8',
    input,
    timeout: 20_000,
    maxBuffer: 64 * 1024 * 1024,
    env: { PATH: process.env['PATH'] ?? '', HOME: cwd, SOURCE_DATE_EPOCH: '1795219200', ...env },
    ...user,
  });
  if (error) throw error;
  return { code: status, stdout, stderr };
}

/** Starts the installed program. */
export const ekslint = (cwd: string, args: readonly string[], options: Start = {}): Run =>
  runProgram(bin, cwd, args, options);

/** Starts a shell line in which "$EKSLINT" is the program. */
export function shell(cwd: string, line: string): Run {
  const { status, stdout, stderr, error } = spawnSync('bash', ['-c', line], {
    cwd,
    encoding: 'utf8',
    timeout: 20_000,
    env: { PATH: process.env['PATH'] ?? '', HOME: cwd, SOURCE_DATE_EPOCH: '1795219200', EKSLINT: bin },
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

/** The rule that end-to-end tests use, so that new rules change nothing in them. */
export const only = ['--only', 'pod-security/privileged-container'] as const;
