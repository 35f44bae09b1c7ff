import { Field, mixedList, mixedMap } from '#spelling/field.ts';
import { isRecord } from '#model/shape.ts';
import { Call } from '#syntax/hcl.ts';
import type { Tree } from '#syntax/tree.ts';
import type { Frame } from './evaluate.ts';

/* Type constraints fill in optional attributes (Terraform Language, Optional Object Type Attributes). */

/** Types may be nested, but real ones are not deeper. */
const deepest = 20;

/** A value with the defaults of its type. */
export function withOptionals(field: Field, type: unknown, tree: Tree, frame: Frame, depth = 0): Field {
  if (!(type instanceof Call) || field.why !== undefined || field.absent || depth > deepest) return field;
  const [inner] = type.args;
  const fill = (one: Field, of: unknown): Field => withOptionals(one, of, tree, frame, depth + 1);
  switch (type.name) {
    case 'object': {
      if (!isRecord(inner) || !field.map || !/\boptional\(/.test(type.text)) return field;
      const entries = new Map(field.entries());
      for (const name of Object.keys(inner)) {
        const { of, fallback } = optionOf(inner[name]);
        const own = entries.get(name);
        if (own && !own.absent) entries.set(name, fill(own, of));
        else if (!fallback) entries.set(name, field.worth(null));
        else entries.set(name, fill(Field.of(frame.dialect, tree, fallback.args, 1, field.assuming), of));
      }
      return field.filledUp(mixedMap(entries, field.rest === undefined ? [] : [field]));
    }
    case 'map':
      if (!field.map || !/\boptional\(/.test(type.text)) return field;
      return field.filledUp(
        mixedMap(
          new Map(field.entries().map(([name, entry]) => [name, fill(entry, inner)])),
          field.rest === undefined ? [] : [field],
        ),
      );
    case 'list':
    case 'set':
      if (!Array.isArray(field.value) || !/\boptional\(/.test(type.text)) return field;
      return field.filledUp(
        mixedList(
          field.items().map((item) => fill(item, inner)),
          field.rest === undefined ? [] : [field],
        ),
      );
    default:
      return field;
  }
}

/** The type of an attribute, and the call that makes it optional with a default. */
function optionOf(type: unknown): { readonly of: unknown; readonly fallback?: Call } {
  if (!(type instanceof Call) || type.name !== 'optional') return { of: type };
  const [of] = type.args;
  return type.args.length > 1 ? { of, fallback: type } : { of };
}
