import { Field, mixedList, mixedMap } from '#spelling/field.ts';
import { Call, Expression } from '#syntax/hcl.ts';
import { documentsOf } from './embedded-text.ts';
import type { Scope } from './scope.ts';

/* Documents of IAM policies, in whatever way Terraform writes them. */

/** Documents that are put together from others: nothing real is deeper. */
const deepest = 10;
/** What takes the only instance of a data source that is made or not: `join("", data.x[*].json)`, `one(...)`, `try(..., "")`. */
const picked = /^(?:join\("",\s*|one\(|try\()(data\.[^(),]*?)(?:,\s*(?:""|null))?\)$/;
const dataSource = /^data\.aws_iam_policy_document\.([\w-]+)(?:\[[^\]]*\])?\.(?:minified_)?json$/;

const maps = (field: Field): Field[] => (field.map ? [field] : field.items());
/** Blocks, and in place of those that cannot be told what stands there. */
const blocksOf = (block: Field, key: string): { readonly items: Field[]; readonly rest: Field[] } => {
  const field = block.get(key);
  return { items: maps(field), rest: (field.why ?? field.rest) === undefined ? [] : [field] };
};

/**
 * A statement of `aws_iam_policy_document` by IAM's names (AWS provider documentation). `Principal` and `Condition` are lists, because
 * two blocks may have the same type or operator.
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

/** What reads the documents of one scope. */
export function policyReader(scope: Scope): (field: Field) => Field {
  let sources: ReadonlyMap<string, Field> | undefined;
  const known = new Map<string, Field>();
  const sourceOf = (label: string): Field | undefined =>
    (sources ??= new Map(scope.blocks('data', 'aws_iam_policy_document'))).get(label);

  /** Statements of those that are named first count less: one of the same Sid replaces them (AWS provider documentation). */
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
    if (field.map || field.absent) return field;
    if (depth > deepest) return field.doubted('policy documents are nested too deeply');
    const { found } = field;
    if (found instanceof Expression && field.isHome(scope.dialect)) {
      const label = dataSource.exec(picked.exec(found.text)?.[1] ?? found.text)?.[1];
      const source = label === undefined ? undefined : sourceOf(label);
      if (label !== undefined && source) {
        const made = known.get(label) ?? combine(source, depth);
        known.set(label, made);
        return made;
      }
      if (found instanceof Call && found.name === 'jsonencode')
        return read(Field.of(scope.dialect, field.source.tree, found.args, 0), depth + 1);
    }
    const document = documentsOf(field, scope)?.[0]?.[0];
    return document ?? (field.why === undefined ? field.doubted('the policy is not valid JSON') : field);
  };
  return (field) => read(field);
}
