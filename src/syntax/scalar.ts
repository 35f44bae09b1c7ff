/*
 * The value of a plain YAML scalar in kubectl and eksctl. Both read YAML through sigs.k8s.io/yaml, whose resolver is
 * neither YAML 1.1 nor 1.2: `yes`, `on` and `y` are booleans, `0777` is octal, `1:30` is text. Proven against kubectl
 * in test/syntax/kubectl.test.ts.
 */

const words = new Map<string, unknown>([
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word) => [word, Infinity] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, -Infinity] as const),
]);

const float = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const integers: readonly (readonly [RegExp, number])[] = [
  [/^[-+]?0[xX][0-9a-fA-F]+$/, 16],
  [/^[-+]?0[oO][0-7]+$/, 8],
  [/^[-+]?0[bB][01]+$/, 2],
  [/^[-+]?0[0-7]+$/, 8],
];

/** Longer text is never a number worth judging; the limit keeps hostile scalars cheap. */
const longestNumber = 400;

/** The JSON value of a plain scalar, given its text. */
export function resolvePlain(text: string): unknown {
  const first = text.charCodeAt(0);
  const numeric = (first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46;
  if (!numeric) {
    if (text.length > 5) return text;
    const word = words.get(text);
    return word === undefined ? text : word;
  }
  if (text.length > longestNumber) return text;
  const word = words.get(text);
  if (word !== undefined) return word;
  const digits = text.includes('_') && first !== 46 ? text.replaceAll('_', '') : text;
  const leading = first === 43 || first === 45 ? 1 : 0;
  const hasBase = digits.charCodeAt(leading) === 48 && digits.length > leading + 1;
  for (const [pattern, base] of hasBase ? integers : []) {
    if (!pattern.test(digits)) continue;
    const sign = digits.startsWith('-') ? -1 : 1;
    const body = digits.replace(/^[-+]/, '').replace(/^0[xXoObB]?/, '');
    return sign * Number.parseInt(body === '' ? '0' : body, base) || 0;
  }
  if (!float.test(digits)) return text;
  const value = Number(digits);
  return Number.isFinite(value) ? value || 0 : text;
}

/** The value of a scalar with a tag; undefined if the text is not of that type. Unknown tags make it a string. */
export function resolveTagged(text: string, tag: string): unknown {
  const type = /^tag:yaml\.org,2002:(null|bool|int|float|timestamp|binary)$/.exec(tag)?.[1];
  if (type === undefined) return text;
  if (type === 'binary') return isBase64(text) ? Buffer.from(text, 'base64').toString('utf8') : undefined;
  const value = resolvePlain(text);
  const isInteger = typeof value === 'number' && !/^[-+]?[\d_]*(?:\.|[\d_]e)/i.test(text);
  const fits = {
    null: value === null,
    bool: typeof value === 'boolean',
    int: isInteger,
    float: typeof value === 'number',
    timestamp: value === text && /^\d{4}-\d\d?-\d\d?(?:$|[Tt ]\d)/.test(text),
  };
  return fits[type as keyof typeof fits] ? value : undefined;
}

/** Standard base64 as Go decodes it: padded, ignoring line breaks. */
const isBase64 = (text: string): boolean =>
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text.replace(/[\r\n]/g, ''));
