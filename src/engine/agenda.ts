import type { KnownKind } from '#model/kinds.ts';
import { push } from '#model/selector.ts';
import type { AnyResource, Workspace } from '#model/workspace.ts';
import type { Kind } from '#rule';
import { holesOf } from './holes.ts';
import type { ActiveRule } from './run.ts';

/**
 * What identifies the type of a subject: a Kubernetes kind by group and name, or a part of the model; the two never
 * collide.
 */
export type AskedKind = Kind | KnownKind;

/**
 * A rule, and, if it looks at one object at a time, the indexes of the keys of which that object must have at least
 * one.
 */
interface Item {
  readonly active: ActiveRule;
  readonly needs: readonly number[] | undefined;
}

/**
 * The rules that have something to check in a subject. A rule about the content of an object names keys (`needs`): it
 * is left out of the run if no object has any of them, and if it looks at one object at a time, it is not run for
 * objects without them.
 */
export class Agenda {
  readonly #byKind = new Map<AskedKind, Item[]>();
  /** The rules for a subject that has several kinds, in the order of the kinds. */
  readonly #byKinds = new Map<string, readonly Item[]>();
  /** The indexes of keys that rules need. */
  readonly #keys = new Map<string, number>();
  /** Which of these the current object has. */
  #held = new Uint8Array(0);

  constructor(rules: readonly ActiveRule[], workspace: Workspace) {
    const isOpen = workspace.resources.some((one) => holesOf(one, workspace).length > 0);
    for (const active of rules) {
      const { needs, kinds } = active.rule;
      // Rules that cannot report anything are left out before they are loaded.
      if (needs && !isOpen && !workspace.mayHold(needs)) continue;
      const isOwn = needs && active.rule.scope !== 'workspace';
      const item = { active, needs: isOwn ? needs.map((key) => this.#indexOf(key)) : undefined };
      for (const kind of kinds) push(this.#byKind, kind, item);
    }
    this.#held = new Uint8Array(this.#keys.size);
  }

  #indexOf(key: string): number {
    const index = this.#keys.get(key) ?? this.#keys.size;
    this.#keys.set(key, index);
    return index;
  }

  /** `isOpen`: the content of some places in the object is unknown. */
  rulesFor(kinds: readonly AskedKind[], resource: AnyResource | undefined, isOpen = false): readonly ActiveRule[] {
    const word = kinds.join('\n');
    let items = this.#byKinds.get(word);
    if (!items) {
      items = [...new Set(kinds.flatMap((kind) => this.#byKind.get(kind) ?? []))];
      this.#byKinds.set(word, items);
    }
    // An unknown value may contain any key.
    if (items.length > 0 && resource?.changes.length === 0 && !isOpen) {
      this.#look(resource);
      items = items.filter(({ needs }) => !needs || needs.some((key) => this.#held[key] === 1));
    }
    return items.map(({ active }) => active);
  }

  /** Records which keys an object has, at any depth, as written and as applied. */
  #look({ object, written }: AnyResource): void {
    this.#held.fill(0);
    // An alias stands for one map in many places.
    const seen = new Set<object>();
    const visit = (node: object): void => {
      if (seen.has(node)) return;
      seen.add(node);
      if (Array.isArray(node)) {
        for (const item of node as unknown[]) if (typeof item === 'object' && item !== null) visit(item);
        return;
      }
      for (const [key, inner] of Object.entries(node) as [string, unknown][]) {
        const index = this.#keys.get(key);
        if (index !== undefined) this.#held[index] = 1;
        if (typeof inner === 'object' && inner !== null) visit(inner);
      }
    };
    visit(object);
    visit(written);
  }
}
