import { isNoJson } from '#model/hidden.ts';
import { type Field, mixedList, mixedMap } from '#spelling/field.ts';
import { Call, parseTemplate } from '#syntax/hcl.ts';
import { documentsOf } from './embedded-text.ts';
import { namedBy } from './named.ts';

/* IAM policy documents, in every form in which Terraform writes them. */

/** Documents that are composed from others: no real one is deeper. */
const deepest = 10;
/** Takes the only instance of a conditional data source: `join("", data.x[*].json)`, `one(...)`, `try(..., "")`. */
const picked = /^(?:join\("",\s*|one\(|try\()(data\.[^(),]*?)(?:,\s*(?:""|null))?\)$/;
const maps = (field: Field): Field[] => (field.map ? [field] : field.items());
/** Blocks, or, if they are unknown, what is in their place. */
const blocksOf = (block: Field, key: string): { readonly items: Field[]; readonly rest: Field[] } => {
  const field = block.get(key);
  return { items: maps(field), rest: (field.why ?? field.rest) === undefined ? [] : [field] };
};

/**
 * A statement of `aws_iam_policy_document` with IAM's names (AWS provider documentation). `Principal` and `Condition`
 * are lists, because two blocks may have the same type or operator.
 */
export function statementOf(block: Field): Field {
  const entries = new Map<string, Field>();
  const effect = block.get('effect');
  entries.set('Sid', block.get('sid'));
  entries.set('Effect', effect.absent ? effect.filled('Allow') : effect);
  for (const [name, key] of [
    ['Action', 'actions'],
    ['NotAction', 'not_actions'],
    ['Resource', 'resources'],
    ['NotResource', 'not_resources'],
  ] as const)
    entries.set(name, block.get(key));
  const list = (key: string, names: readonly (readonly [string, string])[]): Field => {
    const field = block.get(key);
    const { items, rest } = blocksOf(block, key);
    if (items.length === 0 && rest.length === 0) return field;
    const made = items.map((item) => item.as(mixedMap(new Map(names.map(([name, own]) => [name, item.get(own)])))));
    return block.as(mixedList(made, rest));
  };
  const principals = [
    ['Type', 'type'],
    ['Values', 'identifiers'],
  ] as const;
  entries.set('Principal', list('principals', principals));
  entries.set('NotPrincipal', list('not_principals', principals));
  entries.set(
    'Condition',
    list('condition', [
      ['Operator', 'test'],
      ['Key', 'variable'],
      ['Values', 'values'],
    ]),
  );
  return block.as(mixedMap(entries));
}

/** The data source that a field refers to, or the only one from which a call picks. */
function sourceOf(field: Field): Field | undefined {
  const { found } = field;
  const text = found instanceof Call ? picked.exec(found.text)?.[1] : undefined;
  const path = text === undefined ? undefined : parseTemplate(`\${${text}}`);
  const named = path === undefined ? namedBy(field) : namedBy(field, path);
  const isDocument = named?.type === 'aws_iam_policy_document' && /^(?:minified_)?json$/.test(named.attribute ?? '');
  return isDocument ? named.block?.[1] : undefined;
}

/** Reads documents; those that many share are composed once. */
export function policyReader(): (field: Field) => Field {
  // Instances of one block share its location, and differ in the values of `each` and `count`.
  const known = new Map<object, Map<object, Field>>();

  /**
   * Statements of earlier documents have lower precedence: one with the same Sid replaces them (AWS provider
   * documentation).
   */
  const combine = (block: Field, depth: number): Field => {
    const rest: Field[] = [];
    const bySid = new Map<string, Field>();
    const unnamed: Field[] = [];
    const add = (statement: Field): void => {
      const sid = statement.get('Sid').value;
      if (typeof sid === 'string' && sid !== '') bySid.set(sid, statement);
      else unnamed.push(statement);
    };
    const addDocuments = (single: string, several: string): void => {
      const list = block.get(several);
      if ((list.why ?? list.rest) !== undefined) rest.push(list);
      const one = block.get(single);
      for (const item of [...(one.absent ? [] : [one]), ...list.items()]) {
        const document = read(item, depth + 1);
        const statements = document.get('Statement');
        if (document.why !== undefined || (statements.why ?? statements.rest) !== undefined)
          rest.push(document.why === undefined ? statements : document);
        for (const statement of maps(statements)) add(statement);
      }
    };
    addDocuments('source_json', 'source_policy_documents');
    const own = blocksOf(block, 'statement');
    rest.push(...own.rest);
    for (const statement of own.items) add(statementOf(statement));
    addDocuments('override_json', 'override_policy_documents');
    return block.as(mixedMap(new Map([['Statement', block.as(mixedList([...bySid.values(), ...unnamed], rest))]])));
  };
  const read = (field: Field, depth = 0): Field => {
    if (field.map || Array.isArray(field.value) || field.absent) return field;
    if (depth > deepest) return field.doubted('policy documents are nested too deeply');
    const source = sourceOf(field);
    if (source) {
      const key = source.map ?? source.on;
      const instances = known.get(key) ?? new Map<object, Field>();
      const made = instances.get(source.frame) ?? combine(source, depth);
      known.set(key, instances.set(source.frame, made));
      return made;
    }
    const { raw } = field.source;
    if (raw instanceof Call && /^(?:json|yaml)encode$/.test(raw.name))
      return read(field.source.within(raw.args, 0), depth + 1);
    const document = documentsOf(field)?.[0]?.[0];
    return document ?? (field.why === undefined ? field.doubted(isNoJson) : field);
  };
  return (field) => read(field);
}
