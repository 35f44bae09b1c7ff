import type { Field } from '#spelling/field.ts';
import type { Description, Reference } from '#spelling/resource.ts';
import { Expression, parseTemplate, Path } from '#syntax/hcl.ts';
import { type Named, namedBy } from './named.ts';
import type { Scope } from './scope.ts';
import { provider } from './spelling.ts';

/* What expressions refer to, in the files of their own scope or of a module that is called there. */

/** Maximum length of a chain of locals and outputs. */
const deepest = 20;
/** Names with their first attribute, anywhere in an expression. */
const anywhere = /(?<![\w.-])(?:data\.)?[a-z][\w-]*\.[\w-]+(?:\[[^\]]*\]|\.\*)?(?:\.[\w-]+)?/g;
/** Names that refer to others. */
const standsIn = /^(?:local|var|each|module)\./;

const oidcProvider = 'aws_iam_openid_connect_provider';

export interface References {
  refer(field: Field): Reference | undefined;
  mentions(field: Field): readonly Reference[];
}

/** `descriptionOf` is called after all scopes are described. */
export function referencesOf(descriptionOf: (scope: Scope) => Description | undefined): (scope: Scope) => References {
  const make = ({ id, type, attribute, home }: Named, asking: Scope): Reference => ({
    id,
    type: type === undefined ? undefined : provider[type]?.type,
    attribute,
    home: home === asking ? undefined : descriptionOf(home),
  });
  const refer = (field: Field, asking: Scope): Reference | undefined => {
    const { found } = field;
    if (!(found instanceof Path)) return undefined;
    // What a cluster, however it is defined, exposes as its own security group.
    if (/cluster_(primary_)?security_group_id$/.test(found.text)) return { id: found.text, type: 'AWS::EKS::Cluster' };
    const named = namedBy(field);
    if (!named || named.attribute === undefined || (named.isIndexed && named.among.length > 1)) return undefined;
    return make(named, asking);
  };
  // A target of many names is followed once: names that each refer to one another twice would double with each step.
  const mentions = (field: Field, asking: Scope, seen = new Map<object, Set<object>>(), depth = 0): Reference[] =>
    field.parts.flatMap((part): Reference[] => {
      if (typeof part === 'string' || !(part.found instanceof Expression) || depth > deepest) return [];
      const here = seen.get(part.frame) ?? new Set();
      if (here.has(part.found)) return [];
      seen.set(part.frame, here.add(part.found));
      return [...part.found.text.matchAll(anywhere)].flatMap(([text]): Reference[] => {
        const path = parseTemplate(`\${${text}}`);
        if (!(path instanceof Path)) return [];
        if (standsIn.test(text)) {
          const inner = part.within([path], 0);
          if (inner.found !== path) return mentions(inner, asking, seen, depth + 1);
          if (path.base !== 'module') return [];
        }
        const named = namedBy(part, path);
        if (!named) return [];
        // A provider that is defined elsewhere belongs to the cluster by whose issuer it is found.
        const issuer = named.type === oidcProvider && named.kind === 'data' ? named.block?.[1].get('url') : undefined;
        if (issuer) return mentions(issuer, asking, seen, depth + 1);
        return named.among.length === 0
          ? [make(named, asking)]
          : named.among.map(([label]) => make({ ...named, id: named.base + label }, asking));
      });
    });
  return (scope) => ({
    refer: (field) => refer(field, scope),
    mentions: (field) => mentions(field, scope),
  });
}
