/**
 * Lets a few requests run at once; the others wait for their turn. Last in, first out: a request that follows from an
 * answer is on the critical path, and the next page of a list must not wait until its token has expired.
 */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(atOnce: number) {
    this.#free = atOnce;
  }
  async enter(): Promise<void> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((enter) => this.#waiting.push(enter));
  }
  leave(): void {
    const next = this.#waiting.pop();
    if (next) next();
    else this.#free++;
  }
}
