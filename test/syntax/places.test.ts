import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Source, span, type Tree } from '#syntax/tree.ts';
import { parseYaml, splitDocuments } from '#syntax/yaml.ts';

/* Texts are written together with the locations of every key and value, then read and compared. */

/** Where an entry was written: the path to its container, its key, and the texts of both with their offsets. */
interface Place {
  readonly path: readonly (string | number)[];
  readonly key: string | number;
  readonly keyAt: number;
  readonly keyText: string;
  readonly valueAt: number;
  /** Undefined for maps and lists in block style, whose end is not marked in the text. */
  readonly valueText: string | undefined;
  readonly value: unknown;
}

type Spelled = { readonly text: string; readonly value: unknown };
const flowScalars: readonly Spelled[] = [
  ['web', 'web'],
  ['a b', 'a b'],
  ['http://x/y', 'http://x/y'],
  ['a#b', 'a#b'],
  ['yes', true],
  ['0777', 511],
  ['-1', -1],
  ['1.5', 1.5],
  ['~', null],
  ['é𝒳', 'é𝒳'],
  ['"q: # \\u00e9\\n"', 'q: # é\n'],
  ["'it''s'", "it's"],
  ['"𝒳 \\U0001F600"', '𝒳 😀'],
  ['""', ''],
  ['"a\\\\"', 'a\\'],
  ["'{'", '{'],
].map(([text, value]) => ({ text: text as string, value }));
/** Scalars that only block style has; `~` stands for a line break with the indentation of the content. */
const blockScalars: readonly Spelled[] = [
  ['a~b~~c', 'a b\nc'],
  ['"a~b\\~  c"', 'a bc'],
  ["'a~~b'", 'a\nb'],
  ['|~a~~ b', 'a\n\n b\n'],
  ['|-~a # no~b', 'a # no\nb'],
  ['| # note~a: 1', 'a: 1\n'],
  ['>~a~b~~c~  d~e', 'a b\nc\n  d\ne\n'],
  ['>-~a~b', 'a b'],
  ['|2~  a~b', '  a\nb\n'],
  ['|2-~  a', '  a'],
  ['|-2~  a', '  a'],
  ['[a,~ b # note~ ]', undefined],
  ['{a: [],~"b":c}', undefined],
].map(([text, value]) => ({ text: text as string, value }));
const keys: readonly Spelled[] = [
  ['a', 'a'],
  ['b.c/d', 'b.c/d'],
  ['"q k"', 'q k'],
  ["'s'", 's'],
  ['on', 'true'],
  ['12', '12'],
  ['é𝒳', 'é𝒳'],
  ['__proto__', '__proto__'],
  ['a b', 'a b'],
  ['7', '7'],
  ['-x', '-x'],
  ['?y', '?y'],
].map(([text, value]) => ({ text: text as string, value }));

class Writer {
  text: string;
  readonly places: Place[] = [];
  readonly #eol: string;
  readonly #dice: readonly number[];
  #next = 0;
  #anchors = 0;
  constructor(eol: string, mark: string, dice: readonly number[]) {
    this.text = mark;
    this.#eol = eol;
    this.#dice = dice;
  }
  roll(sides: number): number {
    return (this.#dice[this.#next++ % this.#dice.length] ?? 0) % sides;
  }
  pick<T>(all: readonly T[]): T {
    return all[this.roll(all.length)] as T;
  }
  put(text: string): number {
    this.text += text;
    return this.text.length - text.length;
  }
  line(indent: number): void {
    const noise = this.pick(['', '', '', '', '# note: [x]', `${' '.repeat(indent)}# - a: "`, ' '.repeat(indent)]);
    this.put(this.#eol);
    if (noise !== '') this.put(noise + this.#eol);
    this.put(' '.repeat(indent));
  }
  /** A tab is only allowed after a scalar. */
  comment(tab = '\t'): void {
    this.put(this.pick(['', '', '', ' # x: y', `${tab} # "`, '  ']));
  }
  properties(): void {
    const anchor = `&n${this.#anchors++}`;
    this.put(this.pick(['', '', '', '', `${anchor} `, '!local ', `${anchor} !!x `, `!<x:y> ${anchor}  `]));
  }

  document(path: readonly (string | number)[]): unknown {
    return this.roll(8) === 0
      ? this.flow(path, 2)
      : this.roll(4) === 0
        ? this.list(path, this.pick([0, 2]), 3)
        : this.map(path, this.pick([0, 0, 1]), 3);
  }
  map(path: readonly (string | number)[], indent: number, depth: number): unknown {
    const value = Object.create(null) as Record<string, unknown>;
    if (path.length === 0) this.put(' '.repeat(indent));
    for (let left = 1 + this.roll(4), first = true; left > 0; left--) {
      const key = this.pick(keys);
      const name = String(key.value);
      if (Object.hasOwn(value, name)) continue;
      if (!first) this.line(indent);
      first = false;
      const isComplex = this.roll(10) === 0;
      if (isComplex) this.put(this.pick(['? ', '?   ']));
      const keyAt = this.put(key.text);
      if (isComplex) {
        this.comment();
        this.line(indent);
      }
      this.put(this.pick([':', ':', ' :'].slice(isComplex ? 0 : undefined, isComplex ? 2 : undefined)));
      const place = { path, key: name, keyAt, keyText: key.text };
      value[name] = this.value(place, [...path, name], indent, depth, true, !isComplex);
    }
    return value;
  }
  list(path: readonly (string | number)[], indent: number, depth: number): unknown {
    const value: unknown[] = [];
    if (path.length === 0) this.put(' '.repeat(indent));
    for (let left = 1 + this.roll(3); left > 0; left--) {
      if (value.length > 0) this.line(indent);
      this.put('-');
      const key = value.length;
      value.push(this.value({ path, key, keyAt: -1, keyText: '' }, [...path, key], indent, depth, false));
    }
    return value;
  }
  /** A value after a colon or dash, which is at `indent`. */
  value(
    place: Omit<Place, 'valueAt' | 'valueText' | 'value'>,
    path: readonly (string | number)[],
    indent: number,
    depth: number,
    inMap: boolean,
    isSimple = inMap,
  ): unknown {
    const add = (valueAt: number, valueText: string | undefined, value: unknown): unknown => {
      this.places.push({ ...place, valueAt, valueText, value });
      return value;
    };
    const kind = this.roll(depth > 0 ? 8 : 4);
    if (kind === 0) {
      const at = this.text.length;
      this.comment('');
      return add(at, '', null);
    }
    this.put(this.pick(isSimple ? [' ', ' ', '   ', '\t'] : [' ', ' ', '   ']));
    if (kind <= 2) {
      const spelled = this.pick(flowScalars);
      const at = this.put(spelled.text);
      this.comment();
      return add(at, spelled.text, spelled.value);
    }
    if (kind === 3) {
      const spelled = this.pick(blockScalars);
      const gap = `${this.#eol}${' '.repeat(indent + 2)}`;
      // If the indentation is given by a digit, it counts from the map or list around it.
      const text = spelled.text.replaceAll('~', gap).replaceAll(/ +(?=\r?\n|\r)/g, '');
      const at = this.put(text);
      const isLiteral = /^[|>]/.test(text);
      if (!isLiteral) this.comment();
      return add(at, text + (isLiteral ? this.#eol : ''), spelled.value);
    }
    if (kind === 4) {
      this.properties();
      const at = this.text.length;
      const value = this.flow(path, depth - 1);
      const text = this.text.slice(at);
      this.comment();
      return add(at, text, value);
    }
    const isList = kind === 5;
    const offset = this.pick(inMap && isList ? [0, 2, 4] : [1, 2, 4]);
    // A list item may contain a map or list on its own line.
    const isCompact = !inMap && this.roll(2) === 0;
    if (!isCompact) {
      this.properties();
      this.comment('');
      this.line(indent + offset);
    }
    const column = isCompact
      ? this.text.length -
        Math.max(this.text.lastIndexOf('\n'), this.text.lastIndexOf('\r')) -
        1 -
        (this.text.startsWith('\ufeff') && !/[\r\n]/.test(this.text) ? 1 : 0)
      : indent + offset;
    const at = this.text.length;
    return add(at, undefined, isList ? this.list(path, column, depth - 1) : this.map(path, column, depth - 1));
  }
  flow(path: readonly (string | number)[], depth: number): unknown {
    const isMap = this.roll(2) === 0;
    const value: unknown = isMap ? Object.create(null) : [];
    this.put(isMap ? '{' : '[');
    const gap = (): void => {
      this.put(
        this.pick(['', ' ', '  ', /[\r\n] *$/.test(this.text) ? '' : '\t', `${this.#eol}   `, ` # c, ]${this.#eol}  `]),
      );
    };
    const count = this.roll(4);
    for (let i = 0; i < count; i++) {
      gap();
      const key = this.pick(keys.filter((one) => !/^[?-]/.test(one.text)));
      const name = isMap ? String(key.value) : (value as unknown[]).length;
      if (isMap && Object.hasOwn(value as object, name)) continue;
      const keyAt = isMap ? this.put(key.text) : -1;
      if (isMap) this.put(this.pick([': ', ':  ', ' : ', key.text.endsWith('"') ? ':' : ': ']));
      let valueAt = this.text.length;
      let found: unknown;
      if (depth > 0 && this.roll(3) === 0) found = this.flow([...path, name], depth - 1);
      else {
        const spelled = this.pick(flowScalars);
        valueAt = this.put(spelled.text);
        found = spelled.value;
      }
      if (isMap) (value as Record<string, unknown>)[name] = found;
      else (value as unknown[]).push(found);
      this.places.push({
        path,
        key: name,
        keyAt,
        keyText: isMap ? key.text : '',
        valueAt,
        valueText: this.text.slice(valueAt),
        value: found,
      });
      gap();
      if (i < count - 1 || this.roll(2) === 0) this.put(',');
      else break;
    }
    if (this.text.endsWith(',') || this.roll(2) === 0) gap();
    this.put(isMap ? '}' : ']');
    return value;
  }
}

const sourceOf = (text: string): Source => ({ id: 'a.yaml', path: 'a.yaml', text, target: true });
const read = (text: string): Tree[] => splitDocuments(sourceOf(text)).flatMap((segment) => parseYaml(segment));
const at = (tree: Tree, path: readonly (string | number)[]): object =>
  path.reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], tree.root) as object;

test('every key and every value stands where the tree says', () => {
  const dice = fc.array(fc.nat(1000), { minLength: 60, maxLength: 200 });
  fc.assert(
    fc.property(
      fc.array(dice, { minLength: 1, maxLength: 3 }),
      fc.constantFrom('\n', '\n', '\r\n', '\r'),
      fc.boolean(),
      fc.constantFrom('---', '--- # c', '...\n---'),
      (documents, eol, mark, marker) => {
        let text = mark ? '\ufeff' : '';
        const written: { places: readonly Place[]; root: unknown }[] = [];
        for (const numbers of documents) {
          if (written.length > 0) text += marker.replace('\n', eol) + eol;
          const writer = new Writer(eol, text, numbers);
          const root = writer.document([]);
          writer.put(eol);
          text = writer.text;
          written.push({ places: writer.places, root });
        }
        const trees = read(text);
        expect(
          trees.flatMap((tree) => tree.faults),
          text,
        ).toEqual([]);
        expect(trees, text).toHaveLength(written.length);
        for (const [index, { places }] of written.entries()) {
          const tree = trees[index] as Tree;
          for (const place of places) {
            const [keyStart, keyEnd, valueStart, valueEnd] = span(tree, at(tree, place.path), place.key) ?? [];
            const where = `${JSON.stringify(place)}\n${text}`;
            if (place.keyAt >= 0)
              expect([keyStart, text.slice(keyStart, keyEnd)], where).toEqual([place.keyAt, place.keyText]);
            if (place.valueText === '') continue; // an empty value has no position
            expect(valueStart, where).toBe(place.valueAt);
            if (place.valueText !== undefined) expect(text.slice(valueStart, valueEnd), where).toBe(place.valueText);
            const value = (at(tree, place.path) as Record<string, unknown>)[place.key];
            if (place.value !== undefined && (place.value === null || typeof place.value !== 'object'))
              expect(value, where).toEqual(place.value);
          }
        }
      },
    ),
    { numRuns: Number(process.env['FC_RUNS'] ?? 500) },
  );
});
