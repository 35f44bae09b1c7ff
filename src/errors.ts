/** A mishap that the user can mend: printed without a stack, exit code 2. Nothing else is thrown on purpose. */
export class UserError extends Error {
  readonly hint: string | undefined;
  readonly at: string | undefined;

  /** @param options `hint`: what to do next; `at`: `file:line:column` where it lies; `cause`: the error underneath. */
  constructor(message: string, options: { hint?: string; at?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'UserError';
    this.hint = options.hint;
    this.at = options.at;
  }
}
