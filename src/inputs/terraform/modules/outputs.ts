import { type Field, mixedMap } from '#spelling/field.ts';

/** Makes names and tags; all modules of Cloud Posse ask one of their own whether they are on. */
const label = /^(?:registry\.(?:terraform\.io|opentofu\.org)\/)?cloudposse\/label\/null$/;

/** The argument of the call, else that of the context that it is given, else true (main.tf and variables.tf of cloudposse/label/null). */
function enabledOf(call: Field): Field {
  const own = call.get('enabled');
  if (!own.absent) return own;
  const inherited = call.get('context').get('enabled');
  return inherited.absent ? call.filled(true) : inherited;
}

/** What an output of a module is worth whose files are not here. */
export function outputOf(call: Field, output: string): Field | undefined {
  const source = call.get('source').value;
  if (typeof source !== 'string' || !label.test(source)) return undefined;
  if (output === 'enabled') return enabledOf(call);
  if (output !== 'context') return undefined;
  return call.worth(mixedMap(new Map([['enabled', enabledOf(call)]]), [call.doubted('the context of a label')]));
}
