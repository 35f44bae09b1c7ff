/*
 * Limits of an evaluation. Nothing that a person writes comes near them; what exceeds them is cut off and reported by
 * name.
 */

/** Items of a collection, and elements of a block. */
export const mostItems = 2000;
/** Characters of a composed string. */
export const mostText = 100_000;
/** Names that refer to names, through all modules. */
export const deepest = 60;

/** Steps of one expression, with everything that it refers to. */
const mostSteps = 50_000;

/** Counts what one run evaluates, and the cost of each expression: one that does not end leaves room for the others. */
export class Work {
  #left: number;
  #allowed = mostSteps;
  #nesting = 0;
  depth = 0;
  /** How often something was cut off so far: results from the meantime may differ elsewhere. */
  cuts = 0;

  /** Public repositories with up to 1,800 files take at most 55,000 steps, and at most 500 for each file. */
  constructor(files: number) {
    this.#left = 50_000 + 3000 * files;
  }
  /** Whether there is still room for this many steps. */
  spend(steps: number): boolean {
    this.#left -= steps;
    this.#allowed -= steps;
    const isEnough = this.#left >= 0 && this.#allowed >= 0;
    if (!isEnough) this.cuts++;
    return isEnough;
  }
  /** Runs a part of an expression. `isWhole`: it is not part of another. */
  run<T>(part: (isWhole: boolean) => T): T {
    if (this.#nesting === 0) this.#allowed = mostSteps;
    this.#nesting++;
    try {
      return part(this.#nesting === 1);
    } finally {
      this.#nesting--;
    }
  }
}

/** An expression or a name as a message shows it. */
export const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}...` : text);

export const tooMany = (text: string): string =>
  `${short(text)} makes more than ${mostItems} items, so it is not evaluated`;
export const tooLong = (text: string): string => `${short(text)} creates a string that is too long to evaluate`;
export const tooMuch = 'it is too complex to evaluate';
export const tooFar = (text: string): string => `${short(text)} is too complex to evaluate`;
