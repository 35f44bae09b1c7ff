import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { withoutQuotedCredentials } from '#model/url.ts';

/*
 * How the user's programs are started for rendering: with an absolute path, no shell, and no environment variables that
 * lead elsewhere.
 */

/** The output of a program. */
export interface Said {
  readonly stdout: string;
  /** Why there is no result; undefined if it succeeded. */
  readonly failed: string | undefined;
}

/** Limits on the time and output of a program. */
const most = { ms: 20_000, bytes: 20_000_000, message: 400 };

const paths = (): string[] => (process.env['PATH'] ?? '').split(delimiter).filter(isAbsolute);

/** The absolute path of a program, or undefined. Relative folders, which may be in a repository, do not count. */
export function findProgram(name: string): string | undefined {
  const names = process.platform === 'win32' ? [`${name}.exe`] : [name];
  return paths()
    .flatMap((folder) => names.map((one) => join(folder, one)))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return statSync(file).isFile();
      } catch {
        return false;
      }
    });
}

/**
 * The environment of a program that renders: it must find its own files, its settings and a folder for temporary files,
 * but no network.
 */
function environment(): NodeJS.ProcessEnv {
  const { HOME, TMPDIR, TMP, TEMP, SystemRoot, USERPROFILE } = process.env;
  const kept = Object.entries({ HOME, TMPDIR, TMP, TEMP, SystemRoot, USERPROFILE }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  // Nothing listens on port 9: network requests fail at once. GIT_ALLOW_PROTOCOL names no transport that git has.
  const proxies = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy'];
  return {
    ...Object.fromEntries(kept),
    PATH: paths().join(delimiter),
    LC_ALL: 'C',
    ...Object.fromEntries(proxies.map((name) => [name, 'http://127.0.0.1:9'])),
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_TERMINAL_PROMPT: '0',
    HELM_NO_PLUGINS: '1',
  };
}

/** Runs a program with fixed arguments, which end with `--` and names. */
export async function runProgram(file: string, args: readonly string[], cwd: string): Promise<Said> {
  // In the bundle, everyone else gets an empty child_process: linting starts no program unless a flag asks for it.
  const { execFile } = process.getBuiltinModule('node:child_process');
  return await new Promise<Said>((done) => {
    const child = execFile(
      file,
      [...args],
      {
        cwd,
        env: environment(),
        timeout: most.ms,
        killSignal: 'SIGKILL',
        maxBuffer: most.bytes,
        windowsHide: true,
        encoding: 'utf8',
      },
      (error, stdout, stderr) => {
        const code = error?.code as unknown;
        const why =
          error === null
            ? undefined
            : code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER'
              ? `it printed more than ${most.bytes / 1e6} MB`
              : error.killed === true
                ? `it took more than ${most.ms / 1000} seconds`
                : (messageOf(stderr) ?? `it ended with code ${String(code)}`);
        done({ stdout, failed: why });
      },
    );
    child.stdin?.on('error', () => {}); // if a program ends early, its exit code says so
    child.stdin?.end();
  });
}

/** The line of stderr that says what went wrong. */
function messageOf(stderr: string): string | undefined {
  const lines = stderr.split('\n').map((line) => line.trim());
  const line = lines.find((one) => /^error:/i.test(one)) ?? lines.find((one) => one !== '');
  if (line === undefined) return undefined;
  const message = withoutSecrets(line.replace(/^error: */i, ''));
  return message.length <= most.message ? message : `${message.slice(0, most.message)}...`;
}

/** The name of a credential followed by a value, and values that are random enough for a token. */
const named =
  /((?:pass(?:word|wd|phrase)?|pwd|secret|token|credential|api[-_.]?key|access[-_.]?key|private[-_.]?key)[\w.-]*["']?[:=]\s*)("(?:[^"\\]|\\.)*"|\S+)/gi;
const token = /(?<![\w./-])(?=[\w+/=]*\d)(?=[\w+/=]*[A-Z])[\w+/=]{16,}(?![\w./-])/g;

/**
 * A message as reports print it: the output of a program may quote values of a chart, as template functions do after
 * `error calling`.
 */
function withoutSecrets(text: string): string {
  const [before = '', ...rest] = text.split(/(?=error calling )/);
  const quoted = rest.map((part) => part.replace(/"(?:[^"\\]|\\.)*"/g, '***'));
  return withoutQuotedCredentials([before, ...quoted].join(''))
    .replace(named, '$1***')
    .replace(token, '***');
}
