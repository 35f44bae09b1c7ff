import { type AwsAction, type AwsType, permissionFor } from '#model/aws-reads.ts';
import { type Failure, failureOf, readPages } from './aws.ts';
import { isWhole } from './aws-fields.ts';
import type { AwsAnswer, UnreadAnswer } from './snapshot.ts';
import { Turns } from './turns.ts';

export type Json = Readonly<Record<string, unknown>>;

/** Data of AWS about a cluster, as answers in the shape of its API. */
export interface Answered {
  readonly asked: readonly AwsType[];
  readonly answers: readonly AwsAnswer[];
  readonly unanswered: readonly UnreadAnswer[];
}

/** Maximum number of calls at a time. */
const atOnce = 6;
const aFew = 3;

/** As JSON: dates become strings, and undefined values have no key. */
export const plainOf = (body: object): Json => JSON.parse(JSON.stringify(body)) as Json;
export const text = (value: unknown): string => (typeof value === 'string' ? value : '');
export const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(text).filter((one) => one !== '') : [];

/** Why all calls to AWS fail after the login has expired: one reason for all of them. */
export const loginExpired = 'the AWS login expired during the audit';

const notUnderstood = 'the response does not contain what was requested';
/**
 * A response in a form that the SDK or its callers do not expect: something in between changed it, or it lacks the name
 * that the next call needs.
 */
const oddAnswer = (error: unknown): Failure | undefined =>
  error instanceof TypeError || (error instanceof Error && /value provided for input HTTP label/.test(error.message))
    ? { kind: 'other', says: notUnderstood }
    : undefined;

function whyUnanswered(action: AwsAction, { kind, says }: Failure): string {
  if (kind === 'denied') return `no permission for ${permissionFor(action)}`;
  if (kind === 'expired') return loginExpired;
  if (kind === 'over') return says;
  return kind === 'credentials' ? `not all of AWS was read: ${says}` : `${action} failed: ${says}`;
}

/** The pages of a list for which the SDK has no paginator. */
export async function* pagesOf<P extends { readonly NextToken?: string | undefined }>(
  get: (token: string | undefined) => Promise<P>,
): AsyncGenerator<P> {
  for (let token: string | undefined; ;) {
    const page = await get(token);
    yield page;
    token = page.NextToken;
    if (token === undefined || token === '') return;
  }
}

/** The calls of an audit: a few at a time; a call that AWS rejects is recorded with the reason, and stops nothing. */
export class Calls {
  readonly #answers = new Map<string, Json>();
  readonly #unanswered = new Map<string, UnreadAnswer>();
  readonly #tried = new Set<AwsAction>();
  /** Those that AWS has throttled for so long that they were given up: further calls would only take as long. */
  readonly #throttled = new Set<AwsAction>();
  readonly #types: ReadonlySet<AwsType>;
  /** Only a few resources of a kind are requested: the question is what may be read, not what exists. */
  readonly #isProbe: boolean;
  readonly #turns = new Turns(atOnce);

  constructor(types: ReadonlySet<AwsType>, isProbe = false) {
    this.#types = types;
    this.#isProbe = isProbe;
  }

  wants(...types: readonly AwsType[]): boolean {
    return types.some((type) => this.#types.has(type));
  }
  keep(arn: string, body: object): void {
    this.#answers.set(arn, plainOf(body));
  }
  /** The result of a call; undefined if AWS rejects it or its subject no longer exists. `quiet`: kinds of failures that mean the same. */
  async #try<T>(action: AwsAction, call: () => Promise<T>, quiet: readonly string[]): Promise<T | undefined> {
    await this.#turns.enter();
    this.#tried.add(action);
    try {
      return this.#throttled.has(action) ? undefined : await call();
    } catch (error) {
      const failure = failureOf(error) ?? oddAnswer(error);
      if (!failure) throw error;
      if (failure.kind === 'throttled') this.#throttled.add(action);
      if (!quiet.includes(failure.kind)) this.#lacks(action, failure);
      return undefined;
    } finally {
      this.#turns.leave();
    }
  }
  /** The result of a call; undefined if AWS rejects it, returns something else, or its subject no longer exists. */
  async ask<T extends object>(action: AwsAction, call: () => Promise<T>): Promise<T | undefined> {
    return await this.tell(action, call, (said) => said);
  }
  #lacks(action: AwsAction, failure: Failure): void {
    const why = whyUnanswered(action, failure);
    this.#unanswered.set(`${why} ${action}`, { operation: action, why, isDenied: failure.kind === 'denied' });
  }
  /** The part of the result of a call that it is made for. */
  async tell<T, P extends object>(
    action: AwsAction,
    call: () => Promise<T>,
    partOf: (said: T) => P | undefined,
  ): Promise<P | undefined> {
    const said = await this.#try(action, call, ['missing']);
    if (said === undefined) return undefined;
    const part = partOf(said);
    if (isWhole(action, part)) return part;
    this.#lacks(action, { kind: 'other', says: notUnderstood });
    return undefined;
  }
  /** The items of all pages of a list; undefined if AWS rejects a call. */
  async list<P extends object, T>(
    action: AwsAction,
    pages: AsyncIterable<P>,
    itemsOf: (page: P) => readonly T[] | undefined,
    quiet: readonly string[] = [],
  ): Promise<T[] | undefined> {
    const read = async (): Promise<T[]> =>
      (await readPages(pages)).flatMap((page) => {
        // An empty list is present too.
        const items: unknown = itemsOf(page);
        if (!Array.isArray(items) || !items.every((one) => isWhole(action, one))) throw new TypeError('no list');
        return items as T[];
      });
    return await this.#try(action, read, quiet);
  }
  async each<T>(items: readonly T[], call: (item: T) => Promise<void>): Promise<void> {
    await Promise.all((this.#isProbe ? items.slice(0, aFew) : items).map(call));
  }
  /** Whether a call of an action failed for a reason other than that nothing exists. */
  isUnanswered(action: AwsAction): boolean {
    return [...this.#unanswered.values()].some(({ operation }) => operation === action);
  }
  get tried(): ReadonlySet<AwsAction> {
    return this.#tried;
  }
  get answered(): Answered {
    return {
      asked: [...this.#types].sort(),
      answers: [...this.#answers]
        .map(([arn, body]) => ({ arn, body }))
        .sort((one, other) => (one.arn < other.arn ? -1 : 1)),
      unanswered: [...this.#unanswered]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([, unanswered]) => unanswered),
    };
  }
}
