import { Field } from '#spelling/field.ts';
import type { Description, Reference } from '#spelling/resource.ts';
import { Expression } from '#syntax/hcl.ts';
import type { Scope } from './scope.ts';
import { provider } from './spelling.ts';

/* What expressions refer to, in the files of their own scope or of a module that is called there. */

/** Locals and outputs that stand for one another. */
const deepest = 20;
const index = String.raw`(?:\[[^\]]*\]|\.\*)?`;
const whole = new RegExp(String.raw`^(data\.)?([\w-]+)\.([\w-]+)${index}\.([\w-]+)${index}$`);
/** Names with their first attribute, anywhere in an expression. */
const anywhere = new RegExp(String.raw`(?<![\w.-])(data\.)?([a-z][\w-]*)\.([\w-]+)${index}(?:\.([\w-]+))?`, 'g');

export interface References {
  refer(field: Field): Reference | undefined;
  mentions(field: Field): readonly Reference[];
}

/** `descriptionOf` is asked once all scopes are described. */
export function referencesOf(
  scopes: readonly Scope[],
  descriptionOf: (scope: Scope) => Description | undefined,
): (scope: Scope) => References {
  const pathOf = (scope: Scope, last?: object): readonly (object | undefined)[] => [
    ...scope.calls.map(({ map }) => map),
    ...(last ? [last] : []),
  ];
  let called: Map<object, Scope[]> | undefined;
  /** The scope that a module call leads to. */
  const inside = (scope: Scope, label: string): Scope | undefined => {
    if (!called) {
      called = new Map();
      for (const one of scopes) {
        const map = one.calls.at(-1)?.map;
        if (map) called.set(map, [...(called.get(map) ?? []), one]);
      }
    }
    const block = scope.module(label)?.map;
    const path = block && pathOf(scope, block);
    return path && called.get(block)?.find((one) => pathOf(one).every((step, at) => step === path[at]));
  };
  const homeOf = (field: Field, scope: Scope): Scope | undefined =>
    field.isHome(scope.dialect) ? scope : scopes.find(({ dialect }) => field.isHome(dialect));

  const make = (
    asking: Scope,
    home: Scope,
    parts: readonly (string | undefined)[],
    depth: number,
  ): Reference | undefined => {
    const [data = '', type = '', name = '', attribute] = parts;
    if (type === 'module' && attribute !== undefined) {
      const child = inside(home, name);
      const output = child?.output(attribute);
      if (output && depth < deepest) return refer(output, asking, depth + 1);
    }
    return {
      id: `${data}${type}.${name}`,
      type: provider[type]?.type,
      attribute,
      home: home === asking ? undefined : descriptionOf(home),
    };
  };
  const refer = (field: Field, asking: Scope, depth = 0): Reference | undefined => {
    const { found } = field;
    if (!(found instanceof Expression)) return undefined;
    // What a cluster, however it is described, names as its own security group.
    if (/cluster_(primary_)?security_group_id$/.test(found.text)) return { id: found.text, type: 'AWS::EKS::Cluster' };
    const [, ...parts] = whole.exec(found.text) ?? [];
    const home = parts.length > 0 ? homeOf(field, asking) : undefined;
    return home && make(asking, home, parts, depth);
  };
  const mentions = (field: Field, asking: Scope, depth = 0): readonly Reference[] =>
    field.parts.flatMap((part): readonly Reference[] => {
      if (typeof part === 'string' || !(part.found instanceof Expression) || depth > deepest) return [];
      const home = homeOf(part, asking);
      if (!home) return [];
      return [...part.found.text.matchAll(anywhere)].flatMap(([text, ...parts]): readonly Reference[] => {
        const [, type = '', , attribute] = parts;
        if (/^(each|count|self|path|terraform)$/.test(type)) return [];
        if (type === 'local' || type === 'var') {
          const inner = Field.of(home.dialect, part.tree, [new Expression(text)], 0);
          return inner.found instanceof Expression && inner.found.text === text
            ? []
            : mentions(inner, asking, depth + 1);
        }
        if (type === 'module' && attribute !== undefined) {
          const output = inside(home, parts[2] ?? '')?.output(attribute);
          if (output) return mentions(output, asking, depth + 1);
        }
        const reference = make(asking, home, parts, depth);
        return reference ? [reference] : [];
      });
    });
  return (scope) => ({
    refer: (field) => refer(field, scope),
    mentions: (field) => mentions(field, scope),
  });
}
