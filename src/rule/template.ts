import { groupOf } from '#model/kinds.ts';
import { isRecord } from '#model/shape.ts';
import { locate, locationAt, type Location, type Source, type Tree } from '#syntax/tree.ts';

/** A mark that must be replaced before the manifest is applied. */
export interface Mark {
  /** `text`: the mark makes the document unreadable. */
  readonly kind: 'template' | 'text' | 'placeholder' | 'conflict';
  /** The text of the mark, shortened. */
  readonly text: string;
  /** A mark such as `${NAME}`, which Flux and envsubst replace. */
  readonly variable: boolean;
  readonly at: Location;
  /** Orders the marks of a file. */
  readonly line: number;
}

const templateMark = /\{\{[^{}]{0,200}\}\}|\{\{-|\{%[^%]{0,200}%\}/;
/** Not `$${NAME}`, which stands for itself, and not `${pvc.name}`, which provisioners fill in. */
const variableMark = /(?<!\$)\$\{[A-Za-z_]\w{0,100}(?::?[-=?+][^{}]{0,200})?\}/;
/**
 * Parameters whose marks a CSI driver fills in itself: tags of EBS volumes (aws-ebs-csi-driver, docs/tagging.md), names
 * in certificates (cert-manager csi-driver).
 */
const driverField = /^(?:tagSpecification|csi\.cert-manager\.io\/)/;
const driverMark = /\{\{.{0,200}?\}\}|\$\{(?:POD_NAME|POD_NAMESPACE|POD_UID|SERVICE_ACCOUNT_NAME)\}/g;
const placeholder = /^(?:REPLACE_?ME|TODO|<[^<>]{1,100}>)$/;
const conflictStart = /^<{7}(?: |$)/;
const conflictEnd = /^>{7}(?: |$)/;

/**
 * A mark as a message shows it. Defaults and literals other than template names may be secrets; so may branch names in
 * a merge conflict.
 */
function shown(text: string): string {
  if (text.startsWith('<<<<<<<') || text.startsWith('>>>>>>>')) return text.slice(0, 7);
  const masked = text.startsWith('$')
    ? text.replace(/^(\$\{\w+:?[-=?+])[^{}]+/, '$1***')
    : /^\{\{-?\s*(?:include|template)\s/.test(text)
      ? text
      : text.replace(/(["'`])(?:(?!\1).)+(?:\1|$)/g, '$1***$1');
  return masked.length > 60 ? `${masked.slice(0, 57)}...` : masked;
}

/** Groups of the API server itself; kinds that others define may have their own mark syntax. */
const builtIn = new Set([
  '',
  'apps',
  'batch',
  'autoscaling',
  'policy',
  'extensions',
  'admissionregistration.k8s.io',
  'apiregistration.k8s.io',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
  'storagemigration.k8s.io',
]);
/** Groups that other tools read, which have their own mark syntax. */
const foreign = new Set(['eksctl.io', 'kustomize.config.k8s.io', 'apiextensions.k8s.io']);
/** Fields that contain programs or free text, where a mark may be intended. */
const free = new Set(['command', 'args', 'annotations', 'managedFields', 'status']);

/** Whether a string is, or contains, a mark that correctness/unrendered-template reports in the fields it checks. */
export const isMark = (text: string): boolean =>
  templateMark.test(text) || variableMark.test(text) || placeholder.test(text);

/** The lines of a text that are in no block scalar, with their offsets. */
function* structureLines(
  text: string,
  from: number,
  to: number,
): Generator<{ readonly line: string; readonly offset: number }> {
  let block = -1;
  for (let offset = from; offset < to;) {
    const newline = text.indexOf('\n', offset);
    const end = newline < 0 || newline > to ? to : newline;
    const line = text.slice(offset, end);
    const indent = line.search(/\S/);
    if (block < 0 || (indent >= 0 && indent <= block)) {
      block = /(?:^|[\s:-])[|>][-+\d]{0,2}\s*(?:#.*)?$/.test(line.slice(-200)) ? keyColumn(line) : -1;
      yield { line, offset };
    }
    offset = end + 1;
  }
}

/**
 * The indentation that the content of a block scalar must exceed: that of its key, or of the dash if it is a list item.
 */
function keyColumn(line: string): number {
  const [lead = ''] = /^ *(?:- +)*/.exec(line) ?? [];
  return /[|>]/.test(line.charAt(lead.length)) ? line.search(/\S/) : lead.length;
}

/** Where a document ends: at the next marker. */
function endOf({ source, start }: Tree): number {
  const marker = /^---(?=[ \t\r\n#]|$)/gm;
  marker.lastIndex = start + 3;
  return marker.exec(source.text)?.index ?? source.text.length;
}

const markAt = (source: Source, kind: Mark['kind'], text: string, start: number): Mark => {
  const at = locationAt(source, start, start + text.length);
  return {
    kind,
    text: shown(text),
    variable: kind === 'template' && text.startsWith('$'),
    at,
    line: at.start?.line ?? 0,
  };
};

/** Marks of a document that is not YAML because of them: outside quotes, comments and block scalars. */
function textMarks(tree: Tree): Mark[] {
  const { source } = tree;
  const marks: Mark[] = [];
  const end = endOf(tree);
  if (!/\{\{|\{%/.test(source.text.slice(tree.start, end))) return marks;
  for (const { line, offset } of structureLines(source.text, tree.start, end)) {
    if (!line.includes('{{') && !line.includes('{%')) continue;
    const bare = line.slice(0, 4096).replace(/"[^"]*"|'[^']*'|(?:^|\s)#.*/g, (quoted) => ' '.repeat(quoted.length));
    const open = bare.search(/\{\{|\{%/);
    if (open < 0) continue;
    const text = line.slice(open);
    marks.push(markAt(source, 'text', templateMark.exec(text)?.[0] ?? text.trimEnd(), offset + open));
  }
  return marks;
}

const conflictsOf = new WeakMap<Source, readonly Mark[]>();

/** Merge conflicts that were not resolved, one mark for each. `=======` on its own underlines headings. */
function conflicts(source: Source): readonly Mark[] {
  const known = conflictsOf.get(source);
  if (known) return known;
  const marks = new Map<number, Mark>();
  const { text } = source;
  if (/^(?:<{7}|>{7})/m.test(text)) {
    let open: { readonly offset: number; readonly line: string } | undefined;
    let middle = false;
    for (const match of text.matchAll(/^(?:<{7}|={7}|>{7})(?: [^\r\n]{0,200}|(?=\r?$))/gm)) {
      const [line] = match;
      if (line.startsWith('<')) [open, middle] = [{ offset: match.index, line }, false];
      else if (line.startsWith('=')) middle = open !== undefined;
      else if (open && middle) {
        marks.set(open.offset, markAt(source, 'conflict', open.line, open.offset));
        open = undefined;
      }
    }
    for (const { line, offset } of structureLines(text, 0, text.length)) {
      if (!conflictStart.test(line) && !conflictEnd.test(line)) continue;
      // The end of a known conflict is not a second conflict.
      if (conflictStart.test(line) || marks.size === 0)
        marks.set(offset, markAt(source, 'conflict', line.trimEnd(), offset));
    }
  }
  const found = [...marks.values()].sort((a, b) => a.line - b.line);
  conflictsOf.set(source, found);
  return found;
}

/** Marks in the fields of an object that are not programs, free text or data. */
function objectMarks(tree: Tree, object: Record<string, unknown>): Mark[] {
  const group = groupOf(object['apiVersion']);
  const { kind } = object;
  if (foreign.has(group)) return [];
  const marks: Mark[] = [];
  const look = (value: string, on: object, key: string): void => {
    const text = driverField.test(key) ? value.replace(driverMark, '') : value;
    const template = templateMark.exec(text)?.[0] ?? variableMark.exec(text)?.[0];
    if (template === undefined && !placeholder.test(text)) return;
    const at = locate(tree, on, key);
    marks.push({
      kind: template === undefined ? 'placeholder' : 'template',
      text: shown(template ?? text),
      variable: template?.startsWith('$') ?? false,
      at,
      line: at.start?.line ?? 0,
    });
  };
  const visit = (node: object, holder: string): void => {
    for (const [key, value] of Object.entries(node)) {
      const list = Array.isArray(node);
      if (!list && (free.has(key) || (holder === 'env' && key === 'value'))) continue;
      if (!list && (templateMark.test(key) || variableMark.test(key))) look(key, node, key);
      if (typeof value === 'string') look(value, node, key);
      else if (typeof value === 'object' && value !== null) visit(value, list ? holder : key);
    }
  };
  const data =
    kind === 'ConfigMap' || kind === 'Secret' ? new Set(['data', 'stringData', 'binaryData']) : new Set<string>();
  for (const [key, value] of Object.entries(object)) {
    if (data.has(key) || free.has(key) || (key !== 'metadata' && !builtIn.has(group))) continue;
    if (typeof value === 'string') look(value, object, key);
    else if (typeof value === 'object' && value !== null) visit(value, key);
  }
  return marks;
}

/** Whether a document that cannot be read looks like one for Kubernetes; templates of other tools are not judged. */
const looksLikeManifest = ({ source, start }: Tree, end: number): boolean =>
  /^[ \t-]{0,40}["']?(?:apiVersion|kind)["']?[ \t]*:/m.test(source.text.slice(start, end));

const broken = (tree: Tree): boolean => tree.faults.some((fault) => fault.code !== 'duplicate-key');

/** Marks of one document, except conflicts. */
function marksOf(tree: Tree): Mark[] {
  if (broken(tree)) {
    const end = endOf(tree);
    return looksLikeManifest(tree, end) && !statement.test(tree.source.text.slice(tree.start, end))
      ? textMarks(tree)
      : [];
  }
  const { root } = tree;
  if (!isRecord(root) || typeof root['kind'] !== 'string' || typeof root['apiVersion'] !== 'string') return [];
  if (root['kind'].endsWith('List') && Array.isArray(root['items']))
    return root['items'].filter(isRecord).flatMap((item) => objectMarks(tree, item));
  return objectMarks(tree, root);
}

/** Whether a document cannot be read because it is a template, or because it contains a merge conflict. */
export function isTemplateText(tree: Tree): boolean {
  if (tree.language !== 'yaml' || !broken(tree)) return false;
  const from = locationAt(tree.source, tree.start, tree.start).start?.line ?? 1;
  const to = locationAt(tree.source, endOf(tree), endOf(tree)).start?.line ?? from;
  return textMarks(tree).length > 0 || conflicts(tree.source).some((mark) => mark.line >= from && mark.line <= to);
}

/**
 * A Jinja statement on its own line: the file is a source for Ansible or a documentation tool, and kubectl rejects it.
 */
const statement = /^[ \t]*\{%[-+]?[ \t]*\w[^\r\n]{0,200}%\}[ \t]*\r?$/m;

const fileMarks = new WeakMap<Source, readonly Mark[]>();

function readFile(source: Source, documents: readonly Tree[]): readonly Mark[] {
  if (!/\{\{|\{%|\$\{|REPLACE_?ME|TODO|<[^\s<>]|^<{7}|^>{7}/m.test(source.text)) return [];
  return [...conflicts(source), ...documents.flatMap(marksOf)].sort((a, b) => a.line - b.line);
}

/** The unrendered marks of a file, in order, given all its documents. */
export function unrenderedMarks({ source, language }: Tree, documents: readonly Tree[]): readonly Mark[] {
  const known = fileMarks.get(source);
  if (known) return known;
  const marks = language === 'yaml' ? readFile(source, documents) : [];
  fileMarks.set(source, marks);
  return marks;
}
