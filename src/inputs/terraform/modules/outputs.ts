import { type Field, mixedMap } from '#spelling/field.ts';

/** Generates names and tags; all modules of Cloud Posse ask one of them if they are on. */
const label = /^(?:registry\.(?:terraform\.io|opentofu\.org)\/)?cloudposse\/label\/null$/;

/**
 * The argument of the call, otherwise that of the context that it is given, otherwise true (main.tf and variables.tf of
 * cloudposse/label/null).
 */
function enabledOf(call: Field): Field {
  const own = call.get('enabled');
  if (!own.absent) return own;
  const inherited = call.get('context').get('enabled');
  return inherited.absent ? call.filled(true) : inherited;
}

/** The value of an output of a module whose files are not here. */
export function outputOf(call: Field, output: string): Field | undefined {
  const source = call.get('source').value;
  if (typeof source !== 'string' || !label.test(source)) return undefined;
  if (output === 'enabled') return enabledOf(call);
  if (output !== 'context') return undefined;
  return call.worth(mixedMap(new Map([['enabled', enabledOf(call)]]), [call.doubted('the context of a label')]));
}
