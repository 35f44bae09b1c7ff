import { isAlias, isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml';
import { hasKeptBreaks, readKeptBreaks } from './breaks.ts';
import { compose } from './compose.ts';
import { controls, lastPlaces, offsetsOf, Plain, type Slots } from './plain.ts';
import { resolvePlain, resolveTagged } from './scalar.ts';
import type { Limits, Segment, SyntaxFault, Tree } from './document.ts';

/**
 * Short forms of CloudFormation's intrinsic functions and the keys of their long forms (CloudFormation User Guide,
 * Intrinsic functions).
 */
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

/** The value of an alias that has no anchor. */
const nobodyKnows = { value: null, size: 1 };

/**
 * The tag of a node. In a tag with brackets the parser leaves escapes undecoded, which kubectl decodes (go-yaml,
 * scan_tag_uri).
 */
const tagOf = ({ tag }: Node): string | undefined =>
  tag?.replace(/%([\da-f]{2})/gi, (_, digits: string) => String.fromCodePoint(Number.parseInt(digits, 16)));

/**
 * Whether an entry is a merge: `<<` without quotes, with the tag !!merge or !. A quoted one is a key to `kubectl apply
 * -f`, whose object the API server then rejects, and a merge to kustomize (go-yaml 2 and 3, isMerge), whose own entries
 * take precedence: it is read as a merge, so that nothing is missed.
 */
function mergesAs(key: Node | null, value: Node | null): 'fully' | 'gently' | undefined {
  if (!isScalar(key) || key.value !== '<<') return undefined;
  const written = tagOf(key);
  const tag = written === undefined ? '' : written.slice(written.lastIndexOf(':') + 1);
  if (tag === 'merge' || tag === '!' || (tag === '' && key.type === 'PLAIN')) return 'fully';
  const isQuoted = tag === '' && (key.type === 'QUOTE_DOUBLE' || key.type === 'QUOTE_SINGLE');
  return isQuoted &&
    (isMap(value) ||
      isAlias(value) ||
      (isSeq(value) && value.items.length > 0 && value.items.every((one) => isMap(one) || isAlias(one))))
    ? 'gently'
    : undefined;
}

/** Maximum number of errors of one kind that are reported for a document; no one reads more. */
const mostFaults = 100;

/** Turns composed nodes into plain data and records the position of each entry. */
class Builder {
  readonly faults: SyntaxFault[] = [];
  readonly #told = new Map<SyntaxFault['code'], number>();
  readonly #base: number;
  readonly #cloudformation: boolean;
  readonly #anchors = new Map<string, { value: unknown; size: number } | 'open'>();
  readonly #slots = new Map<object, Slots>();
  readonly #maxAliasNodes: number;
  #aliasNodes = 0;
  /** Aliases expand to more nodes than allowed: nothing more is built. */
  overrun = false;
  /** Keys are unknown, so nothing in the document is used. */
  unreadable = false;
  /** Entries of an alias without an anchor. */
  readonly unknown: { readonly on: object; readonly key?: string | number }[] = [];
  readonly #undefined = new Set<string>();
  /** The value of a scalar with line ends that the parser does not know, or undefined. */
  readonly #written: ((node: Scalar) => string | undefined) | undefined;

  constructor(base: number, cloudformation: boolean, maxAliasNodes: number, written: string | undefined) {
    this.#maxAliasNodes = maxAliasNodes;
    if (written !== undefined)
      this.#written = ({ range, type }) => {
        const raw = range ? written.slice(range[0], range[1]) : '';
        return hasKeptBreaks(raw) ? readKeptBreaks(raw, type) : undefined;
      };
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

  /** The value of a node, and its number of nodes with aliases expanded. */
  build(node: Node | null): { value: unknown; size: number } {
    if (node === null || this.overrun) return { value: null, size: 1 };
    if (isAlias(node)) {
      const anchor = this.#anchors.get(node.source);
      const [start, end] = this.#range(node);
      if (anchor === undefined || anchor === 'open') {
        // Reported once for each name, which is not shown: it may be an unquoted password.
        if (!this.#undefined.has(node.source))
          this.fault(
            'alias',
            anchor ? 'this anchor (&) contains itself' : 'this alias (*) has no anchor (&) before it',
            start,
            end,
          );
        this.#undefined.add(node.source);
        return nobodyKnows;
      }
      this.#aliasNodes += anchor.size;
      if (this.#aliasNodes <= this.#maxAliasNodes) return anchor;
      this.fault('alias', `aliases expand to more than ${this.#maxAliasNodes} nodes`, start, end);
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
      this.fault('syntax', 'infinity and NaN cannot be sent to the API server', ...this.#range(node));
    return value;
  }
  #scalar(node: Scalar): unknown {
    const text = this.#written?.(node) ?? String(node.value ?? '');
    const tag = tagOf(node);
    if (tag === undefined || (tag === 'tag:yaml.org,2002:str' && node.source === undefined))
      return node.type === 'PLAIN' || node.type === undefined ? this.#plain(text, node) : text;
    const value = resolveTagged(node.source ?? text, tag);
    if (value === undefined)
      this.fault(
        'syntax',
        `the value does not have the type of its tag !!${tag.slice(tag.lastIndexOf(':') + 1)}`,
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
    let size = 1;
    if (isSeq(node)) {
      const items = node.items as (Node | null)[];
      const unknown: number[] = [];
      // `map` creates lists of exactly the needed length: a text may have a hundred thousand.
      const places: number[] = [];
      places.length = 4 * items.length;
      const list = items.map((item, at) => {
        const built = this.build(item);
        if (built === nobodyKnows) unknown.push(at);
        size += built.size;
        const [from, to] = item ? this.#range(item) : [end, end];
        places[4 * at] = places[4 * at + 1] = places[4 * at + 2] = from;
        places[4 * at + 3] = to;
        return built.value;
      });
      for (const key of unknown) this.unknown.push({ on: list, key });
      this.#slots.set(list, { start, end, names: undefined, places });
      return { value: list, size };
    }
    const map = new Plain();
    const slots = { start, end, names: [] as string[], places: [] as number[] };
    this.#slots.set(map, slots);
    if (!isMap(node)) return { value: map, size };
    const written = new Map<string, number>();
    for (const { key, value } of node.items as unknown as { key: Node | null; value: Node | null }[]) {
      const [keyStart, keyEnd] = this.#range(key);
      const isMerge = mergesAs(key, value);
      if (isMerge !== undefined) {
        size += this.#merge(map, slots, value, keyStart, keyEnd, isMerge === 'gently' ? written : undefined);
        continue;
      }
      const name = this.#key(key, keyStart, keyEnd);
      const earlier = written.get(name);
      if (earlier !== undefined) this.fault('duplicate-key', name, keyStart, keyEnd, earlier);
      written.set(name, keyStart);
      const built = this.build(value);
      if (built === nobodyKnows) this.unknown.push({ on: map, key: name });
      const [from, to] = value ? this.#range(value) : [keyEnd, keyEnd];
      map[name] = built.value;
      slots.names.push(name);
      slots.places.push(keyStart, keyEnd, from, to);
      size += built.size;
    }
    return { value: map, size };
  }

  /** JSON object keys are strings: `on:` is the key "true" to kubectl, `0777:` is "511". */
  #key(key: Node | null, start: number, end: number): string {
    const built = this.build(key);
    const { value } = built;
    if (built === nobodyKnows) {
      this.unreadable = true;
      return 'null';
    }
    if (value === null || typeof value === 'object') {
      this.fault('syntax', value === null ? 'a key must not be null' : 'a key must be a scalar', start, end);
      return 'null';
    }
    return String(value);
  }

  /**
   * `<<`: entries of the named maps, which override entries before the key and are overridden by those after it, as in
   * kubectl. Entries of `kept` are not overwritten.
   */
  #merge(
    map: Record<string, unknown>,
    slots: Slots & { readonly names: string[] },
    node: Node | null,
    start: number,
    end: number,
    kept: ReadonlyMap<string, unknown> | undefined,
  ): number {
    const built = this.build(node);
    const { value, size } = built;
    if (built === nobodyKnows) {
      this.unknown.push({ on: map });
      return size;
    }
    const sources = Array.isArray(value) ? value.toReversed() : [value];
    for (const source of sources) {
      if (typeof source !== 'object' || source === null || Array.isArray(source)) {
        this.fault('syntax', 'a merge key (<<) needs a map or a list of maps', start, end);
        continue;
      }
      const own = this.#slots.get(source);
      const lastAt = lastPlaces(own?.names ?? []);
      for (const [name, merged] of Object.entries(source)) {
        if (kept?.has(name)) continue;
        map[name] = merged;
        slots.names.push(name);
        const at = lastAt.get(name);
        slots.places.push(...(own && at !== undefined ? own.places.slice(at, at + 4) : [start, end, start, end]));
      }
    }
    return size;
  }

  offsets(root: unknown): Uint32Array {
    return offsetsOf(root, this.#slots, this.#base);
  }
}

/**
 * Whether a document is a CloudFormation template, whose tags stand for functions. In a Kubernetes object they have no
 * meaning.
 */
function isTemplate(contents: Node | null): boolean {
  if (!isMap(contents)) return false;
  const keys = new Set(contents.items.map(({ key }) => (isScalar(key) ? key.value : undefined)));
  return (
    (keys.has('AWSTemplateFormatVersion') || keys.has('Resources')) && !(keys.has('apiVersion') && keys.has('kind'))
  );
}

/** Whether a document is valid JSON: then line ends of YAML 1.1 and control characters are ordinary characters. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Parses one segment, however it is written. Never throws on invalid text: see `parseYaml`. */
export function parseAnyYaml(segment: Segment, limits: Limits): Tree[] {
  const { source, start: base, text } = segment;
  const trees: Tree[] = [];
  const control = text.search(controls);
  if (control >= 0 && !isJson(text))
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
  const written = source.text.slice(base, base + text.length);
  const kept = hasKeptBreaks(written) && !hasKeptBreaks(text) ? written : undefined;
  for (const { start, contents, broken } of compose(text, limits.depth)) {
    const builder = new Builder(base, isTemplate(contents), limits.aliases * 1000, kept);
    if (broken) builder.fault(broken.code, broken.message, base + broken.start, base + broken.end);
    const built = contents === null || broken ? undefined : builder.build(contents).value;
    if ((built === undefined || built === null) && builder.faults.length === 0) continue; // empty, or only comments
    const isLost = builder.overrun || builder.unreadable || builder.faults.some((fault) => fault.code === 'syntax');
    const root = isLost ? undefined : built;
    trees.push({
      source,
      root,
      offsets: builder.offsets(root),
      faults: builder.faults,
      ...(builder.unknown.length > 0 && !isLost ? { unknown: builder.unknown } : {}),
      language: 'yaml',
      index: segment.index + trees.length,
      start: base + start,
    });
  }
  return trees;
}
