import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { withoutQuotedCredentials } from '#model/url.ts';

/* How programs of the user are started that are asked to render: with an absolute path, no shell, and nothing of the environment that leads elsewhere. */

/** What a program said. */
export interface Said {
  readonly stdout: string;
  /** Why there is no result; undefined where it ended well. */
  readonly failed: string | undefined;
}

/** No program takes longer, or prints more. */
const most = { ms: 20_000, bytes: 20_000_000, message: 400 };

const paths = (): string[] => (process.env['PATH'] ?? '').split(delimiter).filter(isAbsolute);

/** The absolute path of a program, or undefined. Folders that are relative, and so could be of a repository, do not count. */
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

/** The environment of a program that renders: it must find itself, its settings and a place for temporary files, and no network. */
function environment(): NodeJS.ProcessEnv {
  const { HOME, TMPDIR, TMP, TEMP, SystemRoot, USERPROFILE } = process.env;
  const kept = Object.entries({ HOME, TMPDIR, TMP, TEMP, SystemRoot, USERPROFILE }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  // Port 9 takes nothing: what would ask the network fails at once. GIT_ALLOW_PROTOCOL names no transport that git knows.
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
  // The bundle holds an empty child_process for everybody else: linting starts no program unless a flag asks for it.
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
    child.stdin?.on('error', () => {}); // a program that ends early is told by its exit code
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

/** A name of a credential with a value behind it, and what is random enough for a token. */
const named =
  /((?:pass(?:word|wd|phrase)?|pwd|secret|token|credential|api[-_.]?key|access[-_.]?key|private[-_.]?key)[\w.-]*["']?[:=]\s*)("(?:[^"\\]|\\.)*"|\S+)/gi;
const token = /(?<![\w./-])(?=[\w+/=]*\d)(?=[\w+/=]*[A-Z])[\w+/=]{16,}(?![\w./-])/g;

/** A message as reports print it: what a program says may quote values of a chart, as functions of templates do behind `error calling`. */
function withoutSecrets(text: string): string {
  const [before = '', ...rest] = text.split(/(?=error calling )/);
  const quoted = rest.map((part) => part.replace(/"(?:[^"\\]|\\.)*"/g, '***'));
  return withoutQuotedCredentials([before, ...quoted].join(''))
    .replace(named, '$1***')
    .replace(token, '***');
}
