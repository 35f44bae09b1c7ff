/** A mistake that the user can fix: printed without a stack, exit code 2. Nothing else is thrown on purpose. */
export class UserError extends Error {
  readonly hint: string | undefined;
  readonly at: string | undefined;
  /** Further mistakes of the same input, so that they are fixed in one go. */
  readonly others: readonly UserError[];

  /**
   * @param options `hint`: what to do next; `at`: `file:line:column` of the mistake; `cause`: the error underneath;
   * `others`: more mistakes that were found with this one.
   */
  constructor(
    message: string,
    options: { hint?: string; at?: string; cause?: unknown; others?: readonly UserError[] } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'UserError';
    this.hint = options.hint;
    this.at = options.at;
    this.others = options.others ?? [];
  }
}

/** Throws one error that lists all of these; does nothing if there are none. */
export function throwAll(errors: readonly UserError[]): void {
  const [first, ...others] = errors;
  if (!first) return;
  if (others.length === 0) throw first;
  throw new UserError(first.message, {
    ...(first.hint === undefined ? {} : { hint: first.hint }),
    ...(first.at === undefined ? {} : { at: first.at }),
    cause: first.cause,
    others,
  });
}

/** What the operating system says of a file: `permission denied`. Node puts it between the code and the call. */
export function systemReason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EISDIR') return 'it is a folder';
  return code === undefined ? String(error) : (/^[A-Z]+\d*: ([^,]+), \w/.exec(message)?.[1] ?? code);
}
