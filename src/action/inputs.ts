import { UserError } from '#errors.ts';

/** The inputs of `action.yml`, as strings; an empty string means "not given". */
export interface Inputs {
  readonly paths: readonly string[];
  readonly config: string;
  /** Take config and baseline from the base commit of the pull request. */
  readonly trustBase: boolean;
  readonly preset: string;
  readonly failOn: string;
  readonly newSince: string;
  readonly format: string;
  readonly output: string;
  readonly sarifFile: string;
  readonly annotations: boolean;
  readonly summary: boolean;
  readonly workingDirectory: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws UserError for a value that an input does not accept. */
export function readInputs(env: Environment): Inputs {
  const text = (name: string): string => (env[`INPUT_${name.toUpperCase()}`] ?? '').trim();
  // The strings that YAML 1.2 reads as booleans; @actions/core accepts the same ones.
  const flag = (name: string): boolean => {
    const word = text(name);
    if (word === '' || /^(true|True|TRUE)$/.test(word)) return true;
    if (/^(false|False|FALSE)$/.test(word)) return false;
    throw new UserError(`input ${name} is "${word}"`, { hint: 'Use true or false.' });
  };
  const trusted = text('trusted-config');
  if (trusted !== '' && trusted !== 'base')
    throw new UserError(`input trusted-config is "${trusted}"`, { hint: 'Use base, or leave it empty.' });
  const format = text('format');
  const output = text('output');
  if (format.includes('='))
    throw new UserError(`input format is "${format}"`, { hint: 'Set the input output to the file name.' });
  if (output !== '' && format === '')
    throw new UserError('input output is set, but input format is not', {
      hint: 'For example, add format: json.',
    });
  return {
    paths: text('paths')
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== ''),
    config: text('config'),
    trustBase: trusted === 'base',
    preset: text('preset'),
    failOn: text('fail-on'),
    newSince: text('new-since'),
    format,
    output,
    sarifFile: text('sarif-file'),
    annotations: flag('annotations'),
    summary: flag('summary'),
    workingDirectory: text('working-directory') || '.',
  };
}
