import type { Config } from '#config/config.ts';
import { dig, digRecord } from '#model/dig.ts';
import type { SubjectName } from '#model/finding.ts';
import { Workload } from '#model/resource.ts';
import { isRecord } from '#model/shape.ts';
import type { AnyResource } from '#model/workspace.ts';
import { findComments } from '#syntax/comments.ts';
import { originOf } from '#syntax/graft.ts';
import {
  lineOffset,
  locate,
  type Location,
  locationAt,
  positionAt,
  type Source,
  span,
  type Tree,
} from '#syntax/tree.ts';
import { ConfigIgnores } from './config-ignores.ts';
import {
  addReason,
  annotationKey,
  type Complaint,
  cut,
  directives,
  entriesOf,
  type Entry,
  type Known,
  readDirective,
  reasonKey,
  wordsOf,
} from './ignore-words.ts';

/** The scope of an annotation on an object. */
export interface Reach {
  readonly entries: readonly Entry[];
  /** An annotation of a pod template: only findings on these maps. */
  readonly within?: ReadonlySet<object> | undefined;
  /**
   * An annotation that a kustomization adds: only findings in this text. An overlay must not hide what the base says.
   */
  readonly source?: string | undefined;
}

/** A range of a text whose owner carries ignores. */
interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly entries: readonly Entry[];
}

/** Every ignore of a run, indexed by what carries it. */
export interface Ignores {
  /** Those of comments, by the line or file to which they apply. */
  readonly byPlace: ReadonlyMap<string, readonly Entry[]>;
  /** Those of annotations, by the Resource. */
  readonly bySubject: ReadonlyMap<object, readonly Reach[]>;
  /**
   * Those of the maps of documents that define something: a ClusterConfig, a CloudFormation resource, a block of
   * Terraform JSON.
   */
  readonly byHolder: ReadonlyMap<object, readonly Entry[]>;
  /** The same maps by location, in the order of each text. */
  readonly stretches: ReadonlyMap<string, readonly Stretch[]>;
  readonly inline: readonly Entry[];
  readonly config: ConfigIgnores;
  readonly complaints: readonly Complaint[];
}

/** Keys of `byPlace`. */
export const place = {
  line: (source: string, line: number): string => `line ${line} ${source}`,
  file: (source: string): string => `file ${source}`,
};

const fileOf = (source: Source): SubjectName => ({ kind: 'File', namespace: '', name: source.id });

/**
 * Finds the ignores of comments, annotations, metadata and config. `active` are the ids of the rules that run, `rules`
 * are all rules.
 */
export function collectIgnores(
  sources: readonly Source[],
  trees: readonly Tree[],
  resources: readonly AnyResource[],
  config: Pick<Config, 'ignores' | 'file'>,
  { rules, active }: { readonly rules: readonly { readonly id: string }[]; readonly active: readonly string[] },
): Ignores {
  const known = { ids: rules.map((rule) => rule.id), active: new Set(active) };
  const collector = new Collector(sources, known);
  const treesOf = new Map<string, Tree[]>();
  for (const tree of trees) {
    const there = treesOf.get(tree.source.id);
    if (there) there.push(tree);
    else treesOf.set(tree.source.id, [tree]);
  }
  // A text with thousands of documents is searched once.
  const naming = sources.filter(({ target, text }) => target && text.includes('ekslint'));
  for (const source of naming) collector.readComments(source, treesOf.get(source.id) ?? []);
  for (const resource of resources) collector.readAnnotations(resource);
  const names = new Set(naming.map(({ id }) => id));
  for (const tree of trees) if (names.has(tree.source.id)) collector.readMaps(tree);
  for (const stretches of collector.stretches.values()) stretches.sort((a, b) => a.start - b.start);
  return {
    ...collector,
    config: new ConfigIgnores(config, new Map(sources.map((source) => [source.id, source.path])), known),
  };
}

class Collector {
  readonly byPlace = new Map<string, Entry[]>();
  readonly bySubject = new Map<object, Reach[]>();
  readonly byHolder = new Map<object, readonly Entry[]>();
  readonly stretches = new Map<string, Stretch[]>();
  readonly inline: Entry[] = [];
  readonly complaints: Complaint[] = [];
  readonly #known: Known;
  readonly #targets: ReadonlySet<string>;
  /** Annotations by location: overlays make several resources of an object, and one annotation is applied to many. */
  readonly #annotations = new Map<string, readonly Entry[]>();

  constructor(sources: readonly Source[], known: Known) {
    this.#known = known;
    this.#targets = new Set(sources.filter((source) => source.target).map((source) => source.id));
  }

  #entries(
    words: readonly string[],
    part: Omit<Entry, 'pattern' | 'matchesRule' | 'active' | 'told'>,
    reasonHelp: string,
  ): readonly Entry[] {
    const told = this.#targets.has(part.at.source);
    const entries = entriesOf(words, { ...part, told }, this.#known, this.complaints, reasonHelp);
    // No spread: one comment may name more rules than a call takes arguments.
    for (const entry of entries) this.inline.push(entry);
    return entries;
  }
  #addPlace(key: string, entries: readonly Entry[]): void {
    const there = this.byPlace.get(key) ?? [];
    for (const entry of entries) there.push(entry);
    if (there.length > 0) this.byPlace.set(key, there);
  }

  /** False for a misspelled directive, which is reported. */
  #knows(name: string, at: Location, subject: SubjectName): boolean {
    if (directives.includes(name)) return true;
    this.complaints.push({
      by: 'comment',
      rule: 'ekslint/unknown-ignore-rule',
      at,
      subject,
      message: `"${cut(name)}" is not a directive, so it has no effect`,
      help: 'Use ekslint-ignore, ekslint-ignore-next-line or ekslint-ignore-file',
    });
    return false;
  }

  readComments(source: Source, trees: readonly Tree[]): void {
    const nextLine = nextLines(source);
    for (const comment of findComments(source, trees)) {
      const directive = readDirective(comment.text.replace(/^(?:#+|\/\/+)/, ''));
      if (!directive) continue;
      const { name, words, until, reason } = directive;
      const at = locationAt(source, comment.offset, comment.offset + comment.text.length);
      const subject = fileOf(source);
      if (!this.#knows(name, at, subject)) continue;
      const { line } = positionAt(source, comment.offset);
      const inFront = source.text.slice(lineOffset(source, line), comment.offset).replace('\ufeff', '').trim();
      const advice =
        name === 'ekslint-ignore' && inFront === ''
          ? 'Use ekslint-ignore-next-line if the comment is on its own line'
          : 'Remove it';
      const entries = this.#entries(words, { by: 'comment', reason, until, at, subject, advice }, addReason.comment);
      const key =
        name === 'ekslint-ignore-file'
          ? place.file(source.id)
          : place.line(source.id, name === 'ekslint-ignore-next-line' ? nextLine(line) : line);
      this.#addPlace(key, entries);
    }
  }

  /** The annotations of an object, of its pod template, and of the job template between them in a CronJob. */
  readAnnotations(resource: AnyResource): void {
    const { tree, object } = resource;
    const inner = resource instanceof Workload ? [digRecord(object, 'spec', 'jobTemplate'), resource.template] : [];
    for (const holder of new Set<object | undefined>([object, ...inner])) {
      const annotations = digRecord(holder, 'metadata', 'annotations');
      if (!holder || !annotations || !Object.hasOwn(annotations, annotationKey)) continue;
      const isOwn = originOf(tree, annotations, annotationKey).tree === tree;
      const advice = isOwn
        ? 'Remove it'
        : 'An annotation from a kustomization covers only the fields that it sets: annotate the object itself, or use ignores in ekslint.yaml';
      const at = locate(tree, annotations, annotationKey);
      const entries = this.#annotation(annotations, at, resource.subject, advice);
      if (entries.length === 0) continue;
      this.bySubject.set(resource, [
        ...(this.bySubject.get(resource) ?? []),
        {
          entries,
          within: holder === object ? undefined : mapsBelow(holder),
          source: isOwn ? undefined : at.source,
        },
      ]);
      // An eksctl file is an object, and also a cluster with its parts.
      if (holder === object && isOwn) this.byHolder.set(object, entries);
    }
  }

  #annotation(
    annotations: Readonly<Record<string, unknown>>,
    at: Location,
    subject: SubjectName,
    advice: string,
  ): readonly Entry[] {
    const key = JSON.stringify([at.source, at.start]);
    const read = this.#annotations.get(key);
    if (read) return read;
    const value = annotations[annotationKey];
    const reason = annotations[reasonKey];
    const entries = this.#entries(
      typeof value === 'string' ? wordsOf(value) : [],
      {
        by: 'annotation',
        reason: typeof reason === 'string' ? reason.trim() : '',
        until: undefined,
        at,
        subject,
        advice,
      },
      addReason.annotation,
    );
    this.#annotations.set(key, entries);
    return entries;
  }

  /**
   * The ignores in the maps of a document: metadata of CloudFormation, `//` of Terraform JSON, and annotations that are
   * otherwise not read.
   */
  readMaps(tree: Tree): void {
    const isTemplate = isRecord(tree.root) && isRecord(tree.root['Resources']);
    const isTerraform = tree.language === 'yaml' && /\.(tf|tofu)\.json$/.test(tree.source.path);
    walkMaps(tree.root, (map, path) => {
      if (Object.hasOwn(map, annotationKey))
        this.#annotation(map, locate(tree, map, annotationKey), fileOf(tree.source), adviceFor(tree, path));
      const metadata = isTemplate && path.at(-1) === 'Metadata' ? map['ekslint'] : undefined;
      if (metadata !== undefined) this.#metadata(tree, map, metadata, path);
      if (isTerraform && Object.hasOwn(map, '//')) this.#comments(tree, map, path);
    });
  }

  /** `Metadata: {ekslint: {ignore: [rule], reason: why}}` (CloudFormation, Metadata attribute). */
  #metadata(tree: Tree, metadata: object, written: unknown, path: readonly string[]): void {
    const { ignore, reason } = isRecord(written) ? written : {};
    const list: unknown[] = Array.isArray(ignore) ? ignore : [ignore];
    const words = list.flatMap((item) => (typeof item === 'string' ? wordsOf(item) : []));
    const [top, name] = path;
    const holder = top === 'Resources' && path.length === 3 ? digRecord(tree.root, top, name ?? '') : undefined;
    const entries = this.#entries(
      [...new Set(words)],
      {
        by: 'annotation',
        reason: typeof reason === 'string' ? reason.trim() : '',
        until: undefined,
        at: locate(tree, metadata, 'ekslint'),
        subject: fileOf(tree.source),
        advice: holder ? 'Remove it' : 'Write it in the Metadata of the resource',
      },
      addReason.metadata,
    );
    if (holder) this.#hold(tree, holder, entries);
  }

  /** `"//": "ekslint-ignore rule -- why"` (Terraform Language, JSON Configuration Syntax, Comment Properties). */
  #comments(tree: Tree, map: Readonly<Record<string, unknown>>, path: readonly string[]): void {
    const written = map['//'];
    const at = locate(tree, map, '//');
    const [kind] = path;
    const isBlock =
      ((kind === 'resource' || kind === 'data') && path.length === 3) || (kind === 'module' && path.length === 2);
    const entries = (Array.isArray(written) ? written : [written]).flatMap((text: unknown) => {
      const directive = typeof text === 'string' ? readDirective(text) : undefined;
      if (!directive || !this.#knows(directive.name, at, fileOf(tree.source))) return [];
      const { words, until, reason } = directive;
      const advice = isBlock ? 'Remove it' : 'Write it directly in the block of the resource or module';
      const part = { by: 'comment' as const, reason, until, at, subject: fileOf(tree.source), advice };
      const made = this.#entries(words, part, addReason.comment);
      if (directive.name === 'ekslint-ignore-file' && path.length === 0)
        this.#addPlace(place.file(tree.source.id), made);
      return made;
    });
    if (isBlock) this.#hold(tree, map, entries);
  }

  #hold(tree: Tree, holder: object, entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    this.byHolder.set(holder, entries);
    const stretch = span(tree, holder);
    if (!stretch) return;
    const there = this.stretches.get(tree.source.id) ?? [];
    there.push({ start: stretch[2], end: stretch[3], entries });
    this.stretches.set(tree.source.id, there);
  }
}

/** What to do about an annotation that belongs to no object of the run. */
function adviceFor({ root }: Tree, path: readonly string[]): string {
  const isMetadata = path.at(-1) === 'annotations' && path.at(-2) === 'metadata';
  if (!isMetadata) return 'Write it in metadata.annotations of the object';
  return path.length === 2 && Array.isArray(dig(root, 'items'))
    ? 'Annotate the items of the list: kubectl drops the metadata of a list'
    : 'Annotate the object or its pod template';
}

/** Every map in some data with the keys that lead to it; items of lists have the keys of their list. */
function walkMaps(
  root: unknown,
  visit: (map: Readonly<Record<string, unknown>>, path: readonly string[]) => void,
): void {
  const seen = new Set<object>();
  const walk = (node: unknown, path: readonly string[]): void => {
    if (typeof node !== 'object' || node === null || seen.has(node)) return;
    seen.add(node);
    if (Array.isArray(node)) for (const item of node) walk(item, path);
    else if (isRecord(node)) {
      visit(node, path);
      for (const [key, value] of Object.entries(node)) walk(value, [...path, key]);
    }
  };
  walk(root, []);
}

/** A map with all maps and lists below it. */
function mapsBelow(top: object): ReadonlySet<object> {
  const found = new Set<object>();
  const walk = (node: object): void => {
    if (found.has(node)) return;
    found.add(node);
    for (const value of Object.values(node)) if (typeof value === 'object' && value !== null) walk(value);
  };
  walk(top);
  return found;
}

/**
 * The line to which a comment above it applies: the first one that holds more than a comment. Each line is visited
 * once.
 */
function nextLines(source: Source): (from: number) => number {
  const known = new Map<number, number>();
  const holds = (line: number): boolean => {
    const start = lineOffset(source, line);
    if (start >= source.text.length) return true;
    const content = source.text.slice(start, lineOffset(source, line + 1)).trim();
    return content !== '' && !content.startsWith('#') && !content.startsWith('//');
  };
  return (from) => {
    let line = from + 1;
    while (!known.has(line) && !holds(line)) line++;
    const found = known.get(line) ?? line;
    for (let passed = from + 1; passed <= line; passed++) known.set(passed, found);
    return found;
  };
}
