import { type Field, mixedList } from '#spelling/field.ts';
import { Call } from '#syntax/hcl.ts';
import { namedBy } from './named.ts';

/* User data that is not fully known: the argument of `base64encode`, and the parts of a data source. */

const dataSource = /^(?:template_)?cloudinit_config$/;

/** The encoded string, or the field itself. */
export function userDataOf(field: Field): Field {
  const { raw } = field.source;
  return field.why !== undefined && raw instanceof Call && /^base64(?:encode|gzip)$/.test(raw.name)
    ? userDataOf(field.source.within(raw.args, 0))
    : field;
}

/**
 * The contents of the parts of `data.cloudinit_config` (cloudinit provider documentation); nothing for any other user
 * data.
 */
export function partsOf(given: Field): Field {
  const field = userDataOf(given);
  const { type = '', block: [, block] = [] } = field.why === undefined ? {} : (namedBy(field) ?? {});
  if (!block || !dataSource.test(type)) return given.nothing();
  const parts = block.get('part');
  if (parts.why !== undefined) return parts;
  const contents = (parts.map ? [parts] : parts.items()).map((part) => part.get('content'));
  return given.worth(mixedList(contents, parts.rest === undefined ? [] : [parts]));
}
