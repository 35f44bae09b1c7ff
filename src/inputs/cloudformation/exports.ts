import { isRecord } from '#model/shape.ts';
import { push } from '#model/selector.ts';
import type { Field } from '#spelling/field.ts';
import type { Stack } from './stack.ts';

/* Values that stacks pass to others by the names of their exports (CloudFormation User Guide, Get exported outputs). */

/** What has one value for all stacks of an account and region. */
const shared: ReadonlySet<unknown> = new Set(['AWS::AccountId', 'AWS::Partition', 'AWS::Region', 'AWS::URLSuffix']);

/** The text of a name, in which what is shared stands for itself; undefined if anything else is unknown. */
function keyOf(name: Field): string | undefined {
  const parts = name.parts.map((part) => {
    if (typeof part === 'string') return part;
    const id = isRecord(part.found) ? part.found['Ref'] : undefined;
    return shared.has(id) ? `\${${String(id)}}` : undefined;
  });
  return parts.includes(undefined) ? undefined : parts.join('');
}

/** Exports that import others. No real stack is so far from the value. */
const mostImports = 50;

export class Exports {
  readonly #stacks: Stack[] = [];
  #depth = 0;
  #byName: Map<string, { readonly stack: Stack; readonly output: string }[]> | undefined;

  add(stack: Stack): void {
    this.#stacks.push(stack);
    this.#byName = undefined;
  }
  /** The value with a name; undefined if no stack exports it, or several do: as in several regions. */
  find(name: Field): Field | undefined {
    const [only, ...others] = this.#named.get(keyOf(name) ?? '') ?? [];
    if (!only || others.length > 0 || this.#depth >= mostImports) return undefined;
    this.#depth++;
    const found = only.stack.output(only.output);
    this.#depth--;
    return found;
  }
  get #named(): Map<string, { readonly stack: Stack; readonly output: string }[]> {
    if (!this.#byName) {
      // Names that import others find none.
      const found = (this.#byName = new Map());
      for (const stack of this.#stacks)
        for (const [output, name] of stack.exports()) push(found, keyOf(name) ?? '', { stack, output });
      found.delete('');
    }
    return this.#byName;
  }
}
