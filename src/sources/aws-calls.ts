import { type AwsAction, type AwsType, permissionFor } from '#model/aws-reads.ts';
import { failureOf, readPages } from './aws.ts';
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
  /**
   * The result of a call; undefined if AWS rejects it, or its subject does not exist. `quiet`: error codes that mean
   * the same.
   */
  async ask<T>(
    action: AwsAction,
    call: () => Promise<T>,
    quiet: readonly string[] = ['missing'],
  ): Promise<T | undefined> {
    await this.#turns.enter();
    this.#tried.add(action);
    try {
      return await call();
    } catch (error) {
      const failure = failureOf(error);
      if (!failure) throw error;
      const { kind, says } = failure;
      if (!quiet.includes(kind)) {
        const why = kind === 'denied' ? `no permission for ${permissionFor(action)}` : `${action} failed: ${says}`;
        if (!this.#unanswered.has(why))
          this.#unanswered.set(why, { operation: action, why, isDenied: kind === 'denied' });
      }
      return undefined;
    } finally {
      this.#turns.leave();
    }
  }
  /** The items of all pages of a list; undefined if AWS rejects it. */
  async list<P extends object, T>(
    action: AwsAction,
    pages: AsyncIterable<P>,
    itemsOf: (page: P) => readonly T[] | undefined,
    quiet: readonly string[] = [],
  ): Promise<T[] | undefined> {
    const all = await this.ask(action, () => readPages(pages), quiet);
    return all?.flatMap((page) => itemsOf(page) ?? []);
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
      unanswered: [...this.#unanswered.values()].sort((one, other) => (one.why < other.why ? -1 : 1)),
    };
  }
}
