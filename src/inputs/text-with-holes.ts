import { type Dialect, Field, type Part } from '#spelling/field.ts';
import { type Origin, settleIn } from '#syntax/graft.ts';
import type { Source, Tree } from '#syntax/tree.ts';
import { parseYaml, splitDocuments } from '#syntax/yaml.ts';

/** A private character replaces each hole, so that a text can be parsed before its holes are known. */
const firstMark = 0xe000;
const most = 6000;
const marks = /([\uE000-\uF8FF])\1*/g;

interface Hole {
  readonly field: Field;
  readonly text: string;
  readonly isPlain: boolean;
}

/** The list or map in a JSON string, as `jsonencode` writes it. */
function collectionIn(text: string): object | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    const data: unknown = JSON.parse(text);
    return typeof data === 'object' && data !== null ? data : undefined;
  } catch {
    return undefined; // flow style of YAML
  }
}

/** YAML or JSON inside a text of another format, some parts of which that format fills in. */
export class TextWithHoles {
  readonly #holes: Hole[] = [];

  /**
   * The stand-in for a hole while the text is parsed. `text` is its name if it is unknown; `isPlain`: it is not quoted,
   * so its value is parsed as YAML.
   */
  hole(field: Field, text: string, length = 1, isPlain = false): string {
    this.#holes.push({ field, text, isPlain });
    return String.fromCharCode(firstMark + Math.min(this.#holes.length - 1, most)).repeat(length);
  }
  #at(mark: string): Hole | undefined {
    return this.#holes[mark.charCodeAt(0) - firstMark];
  }
  readonly #why = (value: unknown): string | undefined => {
    if (typeof value !== 'string') return undefined;
    for (const [run] of value.matchAll(marks)) {
      const { field } = this.#at(run) ?? {};
      if (field && (field.why !== undefined || typeof field.value === 'object'))
        return field.why ?? 'a string cannot contain a list or a map';
    }
    return undefined;
  };
  readonly #parts = (text: unknown): readonly Part[] | undefined => {
    if (typeof text !== 'string' || !marks.test(text)) return undefined;
    marks.lastIndex = 0;
    let from = 0;
    const parts: Part[] = [];
    for (const { 0: run, index } of text.matchAll(marks)) {
      parts.push(text.slice(from, index), this.#at(run)?.field ?? run);
      from = index + run.length;
    }
    return [...parts, text.slice(from)].filter((part) => part !== '');
  };
  readonly #dialect: Dialect = {
    converts: false,
    unknown: this.#why,
    parts: this.#parts,
    partsOfKey: this.#parts,
    resolve: (value, place) => {
      if (this.#holes.length === 0 || typeof value !== 'string' || this.#why(value) !== undefined) return undefined;
      const filled = value.replace(marks, (run) => String(this.#at(run)?.field.value ?? ''));
      if (filled === value) return undefined;
      // A single hole is the value itself.
      const alone = new Set(value).size === 1 ? this.#at(value) : undefined;
      const whole = alone?.field.value;
      const collection = alone?.isPlain === true && typeof whole === 'string' ? collectionIn(whole) : undefined;
      if (collection) {
        settleIn(collection, place.tree, place);
        return { value: collection };
      }
      return { value: typeof whole === 'number' || typeof whole === 'boolean' ? whole : filled };
    },
  };

  /** The string of a value with the names of its holes. */
  mark(value: unknown): string {
    return String(value).replace(marks, (run) => this.#at(run)?.text ?? run);
  }

  /**
   * The documents of the text; undefined if it cannot be read. `start`: its position in its source; `at`: the one
   * location for all.
   */
  read(source: Source, text: string, where: { readonly start: number } | { readonly at: Origin }): Field[] | undefined {
    if (this.#holes.length > most) return undefined;
    const base = 'start' in where ? where.start : 0;
    const own = 'start' in where ? source : { ...source, text };
    const trees: Tree[] = splitDocuments({ ...source, text }).flatMap((segment) =>
      parseYaml({ ...segment, source: own, start: segment.start + base }),
    );
    // If a YAML key is duplicated, the last entry counts (sigs.k8s.io/yaml, YAMLToJSON); IAM rejects JSON with one.
    const isJson = /^\s*\{/.test(text);
    const isBroken = ({ faults, unknown }: Tree): boolean =>
      unknown !== undefined || faults.some(({ code }) => isJson || code !== 'duplicate-key');
    if (trees.some(isBroken)) return undefined;
    return trees.flatMap((tree) => {
      if (typeof tree.root !== 'object' || tree.root === null) return [];
      if ('at' in where) settleIn(tree.root, tree, where.at);
      return [Field.of(this.#dialect, tree, tree.root)];
    });
  }
}
