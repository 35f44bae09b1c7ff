import type { Field } from '#spelling/field.ts';
import { Path } from '#syntax/hcl.ts';
import { Scope } from './scope.ts';

/** What a path refers to: `aws_kms_key.eks.arn`, with or without an index. */
export interface Named {
  readonly kind: 'resource' | 'module' | 'data';
  /** Undefined for a module. */
  readonly type: string | undefined;
  /** Undefined if it is one of several, and it is unknown which. */
  readonly block: readonly [label: string, block: Field] | undefined;
  readonly id: string;
  /** The prefix of IDs of its kind. */
  readonly base: string;
  readonly attribute: string | undefined;
  /** The elements that it may be, if it is unknown which, or that it takes all of. */
  readonly among: readonly (readonly [label: string, block: Field])[];
  readonly isIndexed: boolean;
  readonly home: Scope;
}

/** The content of a field, or of a path in it, if it is a reference to a block in the same files. */
export function namedBy(field: Field, path: unknown = field.found): Named | undefined {
  const { files: home } = field;
  if (!(path instanceof Path) || !(home instanceof Scope) || typeof path.base !== 'string') return undefined;
  const isData = path.base === 'data';
  const [first, name, second, third] = isData ? path.steps : [path.base, ...path.steps];
  if (typeof first !== 'string' || typeof name !== 'string') return undefined;
  // `main[0].id`, `main.*.id[0]` and `main[*].id[0]` are the same.
  const isSplat = typeof second === 'object' && 'each' in second;
  const at = isSplat ? third : second;
  const isIndexed = typeof at === 'object' && 'at' in at;
  const attribute = isSplat ? second.each[0] : isIndexed ? third : second;
  const key = isIndexed ? field.within([at.at], 0).text().value : undefined;
  const kind = isData ? 'data' : first === 'module' ? first : 'resource';
  const type = kind === 'module' ? undefined : first;
  // `var`, `local` and the names of a `for` are not types: those start with the name of a provider.
  const isBlock = type === undefined || type.includes('_');
  const block = isBlock ? home.blockOf(kind, type, name, key) : undefined;
  const among = block || key !== undefined || !isBlock ? [] : home.elementsOf(kind, type, name);
  const base = `${isData ? 'data.' : ''}${first}.`;
  return {
    kind,
    type,
    block,
    base,
    id: `${base}${block?.[0] ?? name}`,
    attribute: typeof attribute === 'string' ? attribute : undefined,
    among,
    isIndexed,
    home,
  };
}
