import { isAlias, isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml';
import { compose } from './compose.ts';
import { resolvePlain, resolveTagged } from './scalar.ts';
import type { Source, SyntaxFault, Tree } from './tree.ts';

/** A document of a source before it is parsed: where it lies, and what a glance at its top-level keys tells. */
export interface Segment {
  readonly source: Source;
  readonly index: number;
  readonly start: number;
  readonly text: string;
  /** The text of the top-level `kind` and `apiVersion`, where they are plain block keys. */
  readonly kind: string | undefined;
  readonly apiVersion: string | undefined;
}

/** What a document may ask of the parser. */
export interface Limits {
  /** Levels of nesting. Nothing real comes near the default, and composing a much deeper document can abort the process. */
  readonly depth: number;
  /** Thousands of nodes that aliases may add. Kubernetes objects are limited to about a megabyte. */
  readonly aliases: number;
}

export const defaultLimits: Limits = { depth: 100, aliases: 100 };

/** A comment may touch it, as it does for kubectl and Helm. */
const marker = /^---(?=[ \t\r\n#]|$)/gm;
const topKind = /^kind:[ \t]+["']?([\w.-]+)["']?[ \t]*(?:#.*)?\r?$/m;
const topVersion = /^apiVersion:[ \t]+["']?([\w./-]+)["']?[ \t]*(?:#.*)?\r?$/m;
/** Nothing but a map in block style at the left edge begins like this. */
const plainHead = /^\ufeff?(?:(?:---)?[ \t]*(?:#.*)?\r?\n)*[A-Za-z][\w-]*:/;
/** A line at the left edge that is neither a plain key nor part of a list: a quoted key, a merge key, the inside of a text. */
const oddLine = /\n(?![ \t\r\n#-]|[A-Za-z][\w-]*:(?:[ \t\r\n]|$)|$)/;

const isTwice = (text: string, line: string): boolean => {
  const first = text.startsWith(line) ? 0 : text.indexOf(`\n${line}`);
  return text.indexOf(`\n${line}`, first + 1) >= 0;
};

/**
 * What a glance at the top-level keys tells. It must not be fooled, because a document may be skipped for it: a key that is there
 * twice (the last one counts), or that could be the inside of a text, tells nothing.
 */
function glance(text: string): Pick<Segment, 'kind' | 'apiVersion'> {
  const [kind, apiVersion] = [topKind.exec(text)?.[1], topVersion.exec(text)?.[1]];
  const isCertain =
    kind !== undefined &&
    apiVersion !== undefined &&
    plainHead.test(text) &&
    !isTwice(text, 'kind:') &&
    !isTwice(text, 'apiVersion:') &&
    !oddLine.test(text);
  return isCertain ? { kind, apiVersion } : { kind: undefined, apiVersion: undefined };
}

/** Whether the lines before a marker are directives, which belong to the document behind it. */
function isAfterDirective(text: string, at: number): boolean {
  for (let end = at - 1; end > 0;) {
    const start = text.lastIndexOf('\n', end - 1) + 1;
    if (text[start] === '%') return true;
    if (!/^[ \t\r]*(?:#|$)/.test(text.slice(start, end))) return false;
    end = start - 1;
  }
  return false;
}

/**
 * Cuts a text at its document markers without parsing it. A line that begins with `---` cannot stand inside a scalar (YAML 1.2,
 * c-forbidden). JSON objects in a row are documents too, as kubectl reads them.
 */
export function splitDocuments(source: Source): Segment[] {
  // A lone CR ends a line in YAML, which the parser does not know; the replacement keeps every offset.
  const text = source.text.includes('\r') ? source.text.replace(/\r(?!\n)/g, '\n') : source.text;
  const bounds = [text.charCodeAt(0) === 0xfeff ? 1 : 0];
  for (const { index } of text.matchAll(marker))
    if (index > (bounds[0] ?? 0) && !isAfterDirective(text, index))
      bounds.push(text[index + 3] === '#' ? index + 3 : index);
  if (/^\s*\{\s*["}]/.test(text))
    for (const { index } of text.matchAll(/(?<=\})[ \t]*\r?\n\s*(?=\{\s*["}])/g)) bounds.push(index);
  bounds.sort((a, b) => a - b);
  return bounds.map((start, index) => {
    const part = text.slice(start, bounds[index + 1]);
    return { source, index, start, text: part, ...glance(part) };
  });
}

/** Short forms of CloudFormation's intrinsic functions and the keys of their long forms (CloudFormation User Guide, Intrinsic functions). */
const intrinsics: ReadonlyMap<string, string> = new Map([
  ['!Ref', 'Ref'],
  ['!Condition', 'Condition'],
  ...[
    'And',
    'Base64',
    'Cidr',
    'Equals',
    'FindInMap',
    'ForEach',
    'GetAtt',
    'GetAZs',
    'If',
    'ImportValue',
    'Join',
    'Length',
    'Not',
    'Or',
    'Select',
    'Split',
    'Sub',
    'ToJsonString',
    'Transform',
  ].map((name): [string, string] => [`!${name}`, `Fn::${name}`]),
]);

/** Where a container and its entries stood, in the order in which they were read: `places` holds four numbers for each of `names`. */
interface Slots {
  readonly start: number;
  readonly end: number;
  readonly names: string[];
  readonly places: number[];
}

/** Where the last entry of each name begins in `places`. */
const lastPlaces = (names: readonly string[]): Map<string, number> =>
  new Map(names.map((name, index) => [name, 4 * index]));

/** Faults of one kind that are told of a document; nobody reads more of them. */
const mostFaults = 100;

/** Turns composed nodes into plain data and remembers where each entry stood. */
class Builder {
  readonly faults: SyntaxFault[] = [];
  readonly #told = new Map<SyntaxFault['code'], number>();
  readonly #base: number;
  readonly #cloudformation: boolean;
  readonly #anchors = new Map<string, { value: unknown; size: number } | 'open'>();
  readonly #slots = new Map<object, Slots>();
  readonly #maxAliasNodes: number;
  #aliasNodes = 0;
  /** Aliases stand for more nodes than are allowed: nothing more is built. */
  overrun = false;

  constructor(base: number, cloudformation: boolean, maxAliasNodes: number) {
    this.#maxAliasNodes = maxAliasNodes;
    this.#base = base;
    this.#cloudformation = cloudformation;
  }

  fault(code: SyntaxFault['code'], message: string, start: number, end: number, other?: number): void {
    const told = (this.#told.get(code) ?? 0) + 1;
    if (this.overrun || told > mostFaults) return;
    this.#told.set(code, told);
    this.faults.push({ code, message, start, end, ...(other === undefined ? {} : { other }) });
  }

  #range(node: Node | null): [number, number] {
    return node?.range ? [node.range[0] + this.#base, node.range[1] + this.#base] : [this.#base, this.#base];
  }

  /** The value of a node, and how many nodes it stands for once its aliases are followed. */
  build(node: Node | null): { value: unknown; size: number } {
    if (node === null || this.overrun) return { value: null, size: 1 };
    if (isAlias(node)) {
      const anchor = this.#anchors.get(node.source);
      const [start, end] = this.#range(node);
      if (anchor === undefined || anchor === 'open') {
        this.fault(
          'alias',
          anchor ? `anchor "${node.source}" contains itself` : `alias "*${node.source}" has no anchor before it`,
          start,
          end,
        );
        return { value: null, size: 1 };
      }
      this.#aliasNodes += anchor.size;
      if (this.#aliasNodes <= this.#maxAliasNodes) return anchor;
      this.fault('alias', `alias expansion over the limit of ${this.#maxAliasNodes} nodes`, start, end);
      this.overrun = true;
      return { value: null, size: 1 };
    }
    const { anchor } = node as { anchor?: string };
    if (anchor !== undefined) this.#anchors.set(anchor, 'open');
    let built = isScalar(node) ? { value: this.#scalar(node), size: 1 } : this.#container(node);
    if (this.#cloudformation && node.tag !== undefined) built = this.#intrinsic(node, built);
    if (anchor !== undefined) this.#anchors.set(anchor, built);
    return built;
  }

  #plain(text: string, node: Scalar): unknown {
    const value = resolvePlain(text);
    if (typeof value === 'number' && !Number.isFinite(value))
      this.fault('syntax', `${text} is no value that the API server can be sent`, ...this.#range(node));
    return value;
  }
  #scalar(node: Scalar): unknown {
    const text = String(node.value ?? '');
    if (node.tag === undefined || (node.tag === 'tag:yaml.org,2002:str' && node.source === undefined))
      return node.type === 'PLAIN' || node.type === undefined ? this.#plain(text, node) : text;
    const value = resolveTagged(node.source ?? text, node.tag);
    if (value === undefined)
      this.fault(
        'syntax',
        `the value is not of the type that its tag !!${node.tag.slice(node.tag.lastIndexOf(':') + 1)} names`,
        ...this.#range(node),
      );
    return value ?? null;
  }

  #intrinsic(node: Node, built: { value: unknown; size: number }): { value: unknown; size: number } {
    const name = intrinsics.get(node.tag ?? '');
    if (name === undefined) return built;
    const [start, end] = this.#range(node);
    const value: unknown =
      name === 'Fn::GetAtt' && typeof built.value === 'string' ? built.value.split('.') : built.value;
    if (Array.isArray(value) && !this.#slots.has(value))
      this.#slots.set(value, {
        start,
        end,
        names: Object.keys(value),
        places: value.flatMap(() => [start, start, start, end]),
      });
    const wrapped = Object.assign(Object.create(null) as Record<string, unknown>, { [name]: value });
    this.#slots.set(wrapped, { start, end, names: [name], places: [start, start, start, end] });
    return { value: wrapped, size: built.size + 1 };
  }

  #container(node: Node): { value: unknown; size: number } {
    const [start, end] = this.#range(node);
    const slots: Slots = { start, end, names: [], places: [] };
    let size = 1;
    if (isSeq(node)) {
      const list: unknown[] = [];
      this.#slots.set(list, slots);
      for (const item of node.items as (Node | null)[]) {
        const built = this.build(item);
        const [from, to] = item ? this.#range(item) : [end, end];
        slots.names.push(String(list.length));
        slots.places.push(from, from, from, to);
        list.push(built.value);
        size += built.size;
      }
      return { value: list, size };
    }
    const map = Object.create(null) as Record<string, unknown>;
    this.#slots.set(map, slots);
    if (!isMap(node)) return { value: map, size };
    const written = new Map<string, number>();
    for (const { key, value } of node.items as unknown as { key: Node | null; value: Node | null }[]) {
      const [keyStart, keyEnd] = this.#range(key);
      if (isScalar(key) && key.type === 'PLAIN' && key.value === '<<' && key.tag === undefined) {
        size += this.#merge(map, slots, value, keyStart, keyEnd);
        continue;
      }
      const name = this.#key(key, keyStart, keyEnd);
      const earlier = written.get(name);
      if (earlier !== undefined) this.fault('duplicate-key', name, keyStart, keyEnd, earlier);
      written.set(name, keyStart);
      const built = this.build(value);
      const [from, to] = value ? this.#range(value) : [keyEnd, keyEnd];
      map[name] = built.value;
      slots.names.push(name);
      slots.places.push(keyStart, keyEnd, from, to);
      size += built.size;
    }
    return { value: map, size };
  }

  /** JSON object keys are text: `on:` is the key "true" to kubectl, `0777:` is "511". */
  #key(key: Node | null, start: number, end: number): string {
    const { value } = this.build(key);
    if (value === null || typeof value === 'object') {
      this.fault('syntax', value === null ? 'a key must not be null' : 'a key must be a scalar', start, end);
      return 'null';
    }
    return String(value);
  }

  /** `<<`: entries of the named maps, which overwrite what stands before the key and yield to what stands behind it, as kubectl reads it. */
  #merge(map: Record<string, unknown>, slots: Slots, node: Node | null, start: number, end: number): number {
    const { value, size } = this.build(node);
    const sources = Array.isArray(value) ? value.toReversed() : [value];
    for (const source of sources) {
      if (typeof source !== 'object' || source === null || Array.isArray(source)) {
        this.fault('syntax', 'a merge key takes a map or a list of maps', start, end);
        continue;
      }
      const own = this.#slots.get(source);
      const lastAt = lastPlaces(own?.names ?? []);
      for (const [name, merged] of Object.entries(source)) {
        map[name] = merged;
        slots.names.push(name);
        const at = lastAt.get(name);
        slots.places.push(...(own && at !== undefined ? own.places.slice(at, at + 4) : [start, end, start, end]));
      }
    }
    return size;
  }

  /** The blocks of `Tree.offsets`, in the order in which `slots` of tree.ts walks the data. */
  offsets(root: unknown): Uint32Array {
    const numbers: number[] = [];
    const seen = new Set<object>();
    const visit = (node: object): void => {
      if (seen.has(node)) return;
      seen.add(node);
      const slots = this.#slots.get(node);
      numbers.push(slots?.start ?? this.#base, slots?.end ?? this.#base);
      const keys = Object.keys(node);
      const { names, places }: Pick<Slots, 'names' | 'places'> = slots ?? { names: [], places: [] };
      // Repeated, merged and integer-like keys stand elsewhere than where they were read; the last one counts.
      const lastAt =
        names.length === keys.length && keys.every((key, index) => names[index] === key)
          ? undefined
          : lastPlaces(names);
      for (const [index, key] of keys.entries()) {
        const at = lastAt ? lastAt.get(key) : 4 * index;
        if (at === undefined) numbers.push(0, 0, 0, 0);
        else numbers.push(places[at] ?? 0, places[at + 1] ?? 0, places[at + 2] ?? 0, places[at + 3] ?? 0);
      }
      for (const key of keys) {
        const child = (node as Record<string, unknown>)[key];
        if (typeof child === 'object' && child !== null) visit(child);
      }
    };
    if (typeof root === 'object' && root !== null) visit(root);
    return Uint32Array.from(numbers);
  }
}

/** Characters that YAML keeps out of texts. */
const controls = /(?![\t\n\r\x85])[\p{Cc}\ufffe\uffff]/u;

/** Parses one segment. Never throws on bad text: what is wrong is told in `faults`, and `root` is then what could be read, or undefined. */
export function parseYaml(segment: Segment, limits: Limits = defaultLimits): Tree[] {
  const { source, start: base, text } = segment;
  const cloudformation = /^["' {]*(AWSTemplateFormatVersion|Resources)\b/m.test(text);
  const trees: Tree[] = [];
  const control = text.search(controls);
  if (control >= 0)
    return [
      {
        source,
        root: undefined,
        offsets: new Uint32Array(),
        faults: [
          {
            code: 'syntax',
            message: 'control characters are not allowed',
            start: base + control,
            end: base + control + 1,
          },
        ],
        language: 'yaml',
        index: segment.index,
        start: base,
      },
    ];
  for (const { start, contents, broken } of compose(text, limits.depth)) {
    const builder = new Builder(base, cloudformation, limits.aliases * 1000);
    if (broken) builder.fault(broken.code, broken.message, base + broken.start, base + broken.end);
    const built = contents === null || broken ? undefined : builder.build(contents).value;
    if ((built === undefined || built === null) && builder.faults.length === 0) continue; // empty, or comments alone
    const root = builder.overrun || builder.faults.some((fault) => fault.code === 'syntax') ? undefined : built;
    trees.push({
      source,
      root,
      offsets: builder.offsets(root),
      faults: builder.faults,
      language: 'yaml',
      index: segment.index + trees.length,
      start: base + start,
    });
  }
  return trees;
}
