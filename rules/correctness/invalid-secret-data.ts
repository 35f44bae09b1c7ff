import { defineRule } from '#rule';
import { isRecord, table } from '#rule/shape';
import { isPlaceholder, unrendered, whyPlaceholder } from '#rule/unknown';

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const isBase64 = (text: string): boolean => base64.test(text.replace(/[\r\n]/g, ''));
const decode = (text: string): string => Buffer.from(text, 'base64').toString('utf8');
/** Printable ASCII, including line ends. */
const isPrintable = (text: string): boolean => /^[\t\r\n -~]+$/.test(text);

/**
 * Keys that the API server requires for types of Secrets; of several lists one is enough (Kubernetes documentation,
 * Secrets, Types).
 */
const requiredKeys: Readonly<Record<string, readonly (readonly string[])[]>> = table({
  'kubernetes.io/tls': [['tls.crt', 'tls.key']],
  'kubernetes.io/dockerconfigjson': [['.dockerconfigjson']],
  'kubernetes.io/dockercfg': [['.dockercfg']],
  'kubernetes.io/basic-auth': [['username'], ['password']],
  'kubernetes.io/ssh-auth': [['ssh-privatekey']],
});
const keyName = /^[-._a-zA-Z0-9]{1,253}$/;

export default defineRule({
  title: 'Secret data must match its type',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Secret', 'ConfigMap'],
  scope: 'resource',
  fix: 'safe: move plain text to stringData',
  messages: {
    plain: 'Key "{key}" in {map} of {title} is not base64, so the API server rejects the object',
    twice: 'Key "{key}" in data of {title} is encoded twice, so programs get base64 instead of the value',
    lacks: '{title} has type {type} but lacks key "{key}", so the API server rejects it',
    content: 'Key "{key}" of {title} is not {what}, which type {type} requires, so {effect}',
    name: 'A key in {map} of {title} has characters other than letters, digits, "-", "_" and ".", so the API server rejects the object',
    both: 'Key "{key}" of {title} is in data and in binaryData, so the API server rejects the object',
  },
  help: {
    plain: 'Encode the value with base64, or move it to stringData',
    twice: 'Encode the value once; use stringData for plain text',
    lacks: 'Add {key}, or change the type to Opaque',
    content: 'Put {what} under {key}',
    name: 'Rename the key, e.g. config.yaml',
    both: 'Remove {key} from one of the two',
  },
  equivalents: [],
  sources: ['Kubernetes documentation, Secrets'],
  check(resource, { report, undetermined }) {
    const { title } = resource;
    const object = resource.object as Readonly<Record<string, unknown>>;
    const mapOf = (name: string): Record<string, unknown> => (isRecord(object[name]) ? object[name] : {});
    const isSecret = resource.kind === 'Secret';
    const [data, stringData, binaryData] = [mapOf('data'), mapOf('stringData'), mapOf('binaryData')];
    const isElsewhere = (value: unknown): boolean => typeof value === 'string' && /^(?:ENC\[|vault:|ref\+)/.test(value);
    const isOpen = (value: unknown): boolean => isPlaceholder(value) || isElsewhere(value);

    for (const [map, on] of Object.entries(isSecret ? { data, stringData } : { data, binaryData }))
      for (const key of Object.keys(on))
        if (!unrendered(key) && (!keyName.test(key) || key === '.' || key === '..' || key.startsWith('..')))
          report({ message: 'name', data: { map, title }, on, key });
    if (!isSecret)
      for (const key of Object.keys(binaryData))
        if (key in data) report({ message: 'both', data: { key, title }, on: binaryData, key });

    const encoded = isSecret ? data : binaryData;
    const map = isSecret ? 'data' : 'binaryData';
    for (const [key, value] of Object.entries(encoded)) {
      if (typeof value !== 'string' || value === '' || isElsewhere(value)) continue;
      if (!isBase64(value)) {
        // correctness/unrendered-template does not check the contents of Secrets.
        if (isPlaceholder(value)) {
          undetermined(whyPlaceholder, { on: encoded, key });
          continue;
        }
        const moved = isSecret && !(key in stringData) && !resource.live && /^\S/.test(value);
        report({
          message: 'plain',
          data: { key, map, title },
          on: encoded,
          key,
          ...(moved
            ? {
                fix: {
                  safe: true,
                  edits: [
                    { op: 'remove', on: data, key },
                    isRecord(object['stringData'])
                      ? { op: 'set', on: stringData, key, value }
                      : { op: 'set', on: object, key: 'stringData', value: { [key]: value } },
                  ],
                },
              }
            : {}),
        });
      } else if (isSecret && isEncodedTwice(value))
        report({ message: 'twice', data: { key, title }, on: encoded, key, severity: 'medium' });
    }
    if (isSecret) judgeType();

    function judgeType(): void {
      const { type } = object;
      const choices = typeof type === 'string' && Object.hasOwn(requiredKeys, type) ? requiredKeys[type] : undefined;
      if (typeof type !== 'string' || !choices) return;
      const all = { ...data, ...stringData };
      const has = (key: string): boolean => all[key] !== undefined && all[key] !== null;
      // A Secret that a controller fills in later: without content, or with empty values.
      const isUnfilled = choices[0]?.every((key) => all[key] === '') === true;
      if (!choices.some((keys) => keys.every(has))) {
        const key = choices[0]?.find((one) => !has(one)) ?? '';
        const holder = ['data', 'stringData'].find((name) => isRecord(object[name]));
        report({
          message: 'lacks',
          data: { title, type, key },
          on: holder === undefined ? resource.object : mapOf(holder),
          key: holder === undefined ? 'type' : key,
        });
        return;
      }
      if (isUnfilled) return;
      const textOf = (key: string): string | undefined => {
        const plain = stringData[key];
        if (typeof plain === 'string') return isOpen(plain) ? undefined : plain;
        const value = data[key];
        return typeof value === 'string' && !isOpen(value) && isBase64(value) ? decode(value) : undefined;
      };
      const judge = (key: string, what: string, effect: string, isFine: (text: string) => boolean): void => {
        const value = textOf(key);
        const on = key in stringData ? stringData : data;
        if (value !== undefined && !isFine(value))
          report({ message: 'content', data: { key, title, what, type, effect }, on, key });
      };
      const isPem = (text: string): boolean => /-----BEGIN [A-Z0-9 ]+-----/.test(text);
      if (type === 'kubernetes.io/tls')
        for (const key of ['tls.crt', 'tls.key']) judge(key, 'PEM', 'connections cannot be encrypted', isPem);
      if (type === 'kubernetes.io/dockerconfigjson')
        judge('.dockerconfigjson', 'JSON with auths', 'images cannot be pulled', (text) => {
          try {
            const config: unknown = JSON.parse(text);
            return isRecord(config) && isRecord(config['auths']);
          } catch {
            return false;
          }
        });
    }
  },
});

/**
 * Whether what a value decodes to is itself base64 of printable text. Keys from random bytes decode to something else.
 */
function isEncodedTwice(value: string): boolean {
  const once = decode(value).trim();
  if (once.length < 8 || once.length % 4 !== 0 || !isBase64(once)) return false;
  const twice = decode(once);
  return twice.length >= 8 && isPrintable(twice) && Buffer.from(twice).toString('base64') === once;
}
