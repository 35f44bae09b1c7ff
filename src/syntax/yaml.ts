import { Composer, type CST, isAlias, isMap, isScalar, isSeq, type Node, Parser, type Scalar } from 'yaml';
import { resolvePlain } from './scalar.ts';
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

const marker = /^---(?=[ \t\r\n]|$)/gm;
const topKind = /^kind:[ \t]+["']?([\w.-]+)["']?[ \t]*(?:#.*)?\r?$/m;
const topVersion = /^apiVersion:[ \t]+["']?([\w./-]+)["']?[ \t]*(?:#.*)?\r?$/m;

/** Cuts a text at its document markers without parsing it. A line that begins with `---` cannot stand inside a scalar (YAML 1.2, c-forbidden). */
export function splitDocuments(source: Source): Segment[] {
  // A lone CR ends a line in YAML, which the parser does not know; the replacement keeps every offset.
  const text = source.text.includes('\r') ? source.text.replace(/\r(?!\n)/g, '\n') : source.text;
  const bounds = [0];
  if (!/^%/m.test(text)) for (const match of text.matchAll(marker)) if (match.index > 0) bounds.push(match.index);
  const segments: Segment[] = [];
  for (const [at, start] of bounds.entries()) {
    const part = bounds.length === 1 ? text : text.slice(start, bounds[at + 1]);
    segments.push({ source, index: segments.length, start, text: part, kind: topKind.exec(part)?.[1], apiVersion: topVersion.exec(part)?.[1] });
  }
  return segments;
}

/** Depth first over the concrete syntax with a stack of our own: the offset at which it nests too deeply, or -1. */
function tooDeep(token: CST.Token, maxDepth: number): number {
  const stack: { items: readonly CST.Token[]; depth: number }[] = [{ items: [token], depth: 0 }];
  for (let top = stack.pop(); top; top = stack.pop()) {
    for (const item of top.items) {
      if (top.depth > maxDepth) return item.offset;
      if (item.type === 'document') {
        if (item.value) stack.push({ items: [item.value], depth: top.depth });
      } else if (item.type === 'block-map' || item.type === 'block-seq' || item.type === 'flow-collection') {
        const children: CST.Token[] = [];
        for (const entry of item.items) {
          if (entry.key && 'offset' in entry.key) children.push(entry.key as CST.Token);
          if (entry.value) children.push(entry.value);
        }
        stack.push({ items: children, depth: top.depth + 1 });
      }
    }
  }
  return -1;
}

/** Short forms of CloudFormation's intrinsic functions and the keys of their long forms (CloudFormation User Guide, Intrinsic functions). */
const intrinsics: ReadonlyMap<string, string> = new Map([
  ['!Ref', 'Ref'], ['!Condition', 'Condition'],
  ...['And', 'Base64', 'Cidr', 'Equals', 'FindInMap', 'ForEach', 'GetAtt', 'GetAZs', 'If', 'ImportValue', 'Join', 'Length', 'Not', 'Or', 'Select', 'Split', 'Sub', 'ToJsonString', 'Transform']
    .map((name): [string, string] => [`!${name}`, `Fn::${name}`]),
]);

/** Where a container and its entries stood, in the order in which they were read: `places` holds four numbers for each of `names`. */
interface Slots {
  readonly start: number;
  readonly end: number;
  readonly names: string[];
  readonly places: number[];
}

/** Turns composed nodes into plain data and remembers where each entry stood. */
class Builder {
  readonly faults: SyntaxFault[] = [];
  readonly #base: number;
  readonly #cloudformation: boolean;
  readonly #anchors = new Map<string, { value: unknown; size: number } | 'open'>();
  readonly #slots = new Map<object, Slots>();
  aliasNodes = 0;

  readonly #maxAliasNodes: number;

  constructor(base: number, cloudformation: boolean, maxAliasNodes: number) {
    this.#maxAliasNodes = maxAliasNodes;
    this.#base = base;
    this.#cloudformation = cloudformation;
  }

  fault(code: SyntaxFault['code'], message: string, start: number, end: number, other?: number): void {
    this.faults.push({ code, message, start, end, ...(other === undefined ? {} : { other }) });
  }

  #range(node: Node | null): [number, number] {
    return node?.range ? [node.range[0] + this.#base, node.range[1] + this.#base] : [this.#base, this.#base];
  }

  /** The value of a node, and how many nodes it stands for once its aliases are followed. */
  build(node: Node | null): { value: unknown; size: number } {
    if (node === null) return { value: null, size: 1 };
    if (isAlias(node)) {
      const anchor = this.#anchors.get(node.source);
      const [start, end] = this.#range(node);
      if (anchor === undefined || anchor === 'open') {
        this.fault('alias', anchor ? `anchor "${node.source}" contains itself` : `alias "*${node.source}" has no anchor before it`, start, end);
        return { value: null, size: 1 };
      }
      this.aliasNodes += anchor.size;
      if (this.aliasNodes > this.#maxAliasNodes && this.faults.every((fault) => fault.code !== 'alias'))
        this.fault('alias', `alias expansion over the limit of ${this.#maxAliasNodes} nodes`, start, end);
      return this.aliasNodes > this.#maxAliasNodes ? { value: null, size: 1 } : anchor;
    }
    const { anchor } = node as { anchor?: string };
    if (anchor !== undefined) this.#anchors.set(anchor, 'open');
    let built = isScalar(node) ? { value: this.#scalar(node), size: 1 } : this.#container(node);
    if (this.#cloudformation && node.tag !== undefined) built = this.#intrinsic(node, built);
    if (anchor !== undefined) this.#anchors.set(anchor, built);
    return built;
  }

  #scalar(node: Scalar): unknown {
    const text = String(node.value ?? '');
    if (node.tag === undefined || node.tag === 'tag:yaml.org,2002:str' && node.source === undefined)
      return node.type === 'PLAIN' || node.type === undefined ? resolvePlain(text) : text;
    switch (node.tag) {
      case 'tag:yaml.org,2002:binary':
        return Buffer.from(node.source ?? text, 'base64').toString('utf8');
      case 'tag:yaml.org,2002:int':
      case 'tag:yaml.org,2002:float':
      case 'tag:yaml.org,2002:bool':
      case 'tag:yaml.org,2002:null':
        return resolvePlain(text);
      default:
        return text;
    }
  }

  #intrinsic(node: Node, built: { value: unknown; size: number }): { value: unknown; size: number } {
    const name = intrinsics.get(node.tag ?? '');
    if (name === undefined) return built;
    const [start, end] = this.#range(node);
    const value: unknown = name === 'Fn::GetAtt' && typeof built.value === 'string' ? built.value.split('.') : built.value;
    if (Array.isArray(value) && !this.#slots.has(value)) this.#slots.set(value, { start, end, names: Object.keys(value), places: value.flatMap(() => [start, start, start, end]) });
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
      for (const [name, merged] of Object.entries(source)) {
        map[name] = merged;
        slots.names.push(name);
        const at = 4 * (own?.names.lastIndexOf(name) ?? -1);
        slots.places.push(...(own && at >= 0 ? own.places.slice(at, at + 4) : [start, end, start, end]));
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
      for (const [index, key] of keys.entries()) {
        // Repeated, merged and integer-like keys stand elsewhere than where they were read; the last one counts.
        const at = 4 * (names.length === keys.length && names[index] === key ? index : names.lastIndexOf(key));
        if (at < 0) numbers.push(0, 0, 0, 0);
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

/** Parses one segment. Never throws on bad text: what is wrong is told in `faults`, and `root` is then what could be read, or undefined. */
export function parseYaml(segment: Segment, limits: Limits = defaultLimits): Tree[] {
  const maxAliasNodes = limits.aliases * 1000;
  const { source, start: base, text } = segment;
  const tokens = [...new Parser().parse(text)];
  for (const token of tokens) {
    const deep = tooDeep(token, limits.depth);
    if (deep >= 0) {
      const fault: SyntaxFault = { code: 'depth', message: `nested deeper than ${limits.depth} levels`, start: base + deep, end: base + deep + 1 };
      return [{ source, root: undefined, offsets: new Uint32Array(), faults: [fault], language: 'yaml', index: segment.index, start: base }];
    }
  }
  const cloudformation = /^["' {]*(AWSTemplateFormatVersion|Resources)\b/m.test(text);
  const trees: Tree[] = [];
  const composer = new Composer({ schema: 'failsafe', uniqueKeys: false, prettyErrors: false, keepSourceTokens: false, strict: true, logLevel: 'silent' });
  for (const document of composer.compose(tokens, false, text.length)) {
    const builder = new Builder(base, cloudformation, maxAliasNodes);
    const [error] = document.errors;
    if (error) builder.fault('syntax', error.message, base + error.pos[0], base + error.pos[1]);
    const root = document.contents === null ? undefined : builder.build(document.contents as Node).value;
    if ((root === undefined || root === null) && builder.faults.length === 0) continue; // empty, or comments alone
    const overrun = builder.aliasNodes > maxAliasNodes;
    trees.push({
      source, root: overrun || error ? undefined : root, offsets: overrun || error ? new Uint32Array() : builder.offsets(root), faults: builder.faults, language: 'yaml',
      index: segment.index + trees.length, start: base + (document.range?.[0] ?? 0),
    });
  }
  return trees;
}

/** The comments of a text with the offsets of their `#`; what looks like one inside a scalar is none. */
export function findComments(text: string): { readonly offset: number; readonly text: string }[] {
  const comments: { offset: number; text: string }[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const token = node as { type?: string; offset?: number; source?: string };
    if (token.type === 'comment' && token.offset !== undefined && token.source !== undefined) comments.push({ offset: token.offset, text: token.source });
    for (const child of Object.values(node)) if (typeof child === 'object') visit(child);
  };
  for (const token of new Parser().parse(text)) if (tooDeep(token, defaultLimits.depth) < 0) visit(token);
  return comments.sort((a, b) => a.offset - b.offset);
}
