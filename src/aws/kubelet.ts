import { parse as parseToml } from 'smol-toml';
import { isUnreadable, partOfUserData } from '#model/hidden.ts';
import { dashed, flagOf, type Kubelet, type KubeletFlag } from '#model/kubelet.ts';
import { isRecord } from '#model/shape.ts';
import { Collection, Value } from '#model/value.ts';
import type { Field } from '#spelling/field.ts';
import type { Property } from '#spelling/property.ts';
import { textOf } from './settings.ts';
import { decoded } from './user-data.ts';
import { parseYaml, splitDocuments } from '#syntax/yaml.ts';
import type { Location } from '#syntax/tree.ts';

/* The kubelet settings in user data, bootstrap arguments and fields of tools. */

/** Stands in a string for an unknown part. */
const hole = '\ue000';

/** One place that holds settings. If several set the same one, the last one wins. */
interface Told {
  readonly flags?: readonly KubeletFlag[];
  /** A field of the configuration by its path; undefined if it is not set. */
  readonly field?: (path: string) => Value<string> | undefined;
  readonly gates?: readonly Value<string>[];
  /** Why it may hold more settings. */
  readonly why?: string | undefined;
}

const valueOf = (text: string, at: () => Location): Value<string> =>
  text.includes(hole) || /\$[\w{(]/.test(text) ? Value.unknown(partOfUserData, at) : Value.set(text, at);

/** Splits a shell line into words; handles only quotes and backslashes. */
function wordsOf(command: string): string[] {
  const words: string[] = [];
  for (const [word] of command.matchAll(/(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\])+/gs))
    words.push(
      word.replace(/"((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)/gs, (_, double, single, bare) =>
        double === undefined ? (single ?? bare) : String(double).replace(/\\(["\\$`])/g, '$1'),
      ),
    );
  return words;
}

/** Flags in a list of words: `--name=value`, `--name value`, `--name`. */
function flagsIn(words: readonly string[], at: () => Location): { flags: KubeletFlag[]; why: string | undefined } {
  const flags: KubeletFlag[] = [];
  let why: string | undefined;
  for (const [index, word] of words.entries()) {
    const [, name, value] = /^--([a-zA-Z][\w-]*)(?:=(.*))?$/s.exec(word) ?? [];
    const next = words[index + 1];
    if (name !== undefined)
      flags.push({
        name,
        value: valueOf(value ?? (next === undefined || next.startsWith('-') ? 'true' : next), at),
        get at() {
          return at();
        },
      });
    // A variable in place of a flag may be any flag.
    else if (/^(?:\ue000|\$)/.test(word) && !/^--[\w-]+$/.test(words[index - 1] ?? '')) why = partOfUserData;
  }
  return { flags, why };
}

/**
 * Arguments of bootstrap scripts, and the variable that they read, which holds flags for the kubelet (amazon-eks-ami,
 * bootstrap.sh; EKSBootstrap.ps1).
 */
const extraArguments =
  /(?:--kubelet-extra-args|-KubeletExtraArgs)[\s=]+("(?:\\.|[^"\\])*"|'[^']*'|\S+)|\bKUBELET_EXTRA_ARGS\+?=("(?:\\.|[^"\\])*"|'[^']*'|\S*)/gs;
/** A line of a script that is completely unknown. */
const isOpen = new RegExp(`^[ \\t]*${hole}[ \\t]*$`, 'm');

function readScript(text: string, at: () => Location): Told {
  const script = text.replace(/\\\r?\n/g, ' ').replace(/^[ \t]*#.*$/gm, '');
  let why = isOpen.test(script) ? partOfUserData : undefined;
  const flags: KubeletFlag[] = [];
  for (const [, argument, variable] of script.matchAll(extraArguments)) {
    const [given = ''] = wordsOf(argument ?? variable ?? '');
    const found = flagsIn(wordsOf(given), at);
    flags.push(...found.flags);
    why ??= found.why;
  }
  // Arguments of the script itself that come from a variable may be extra arguments; the cluster name comes first.
  for (const [, rest = ''] of script.matchAll(/bootstrap\.sh\s+(.*)$/gm)) {
    const words = wordsOf(rest);
    if (words.some((word, index) => index > 0 && word === hole && !(words[index - 1] ?? '').startsWith('--')))
      why ??= partOfUserData;
  }
  return { flags, why };
}

/** A field below plain data. */
function dig(data: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((node, key) => (isRecord(node) ? node[key] : undefined), data);
}
const textOfData = (value: unknown, at: () => Location): Value<string> | undefined => {
  if (value === undefined || value === null) return undefined;
  const items = Array.isArray(value) ? value : [value];
  if (items.some((item) => typeof item === 'object')) return Value.unknown('it is not a plain value', at);
  return valueOf(items.map(String).join(','), at);
};

/** NodeConfig of nodeadm (nodeadm documentation, API reference): kubelet flags and fields. */
function readNodeConfig(text: string, at: () => Location): Told[] {
  const source = { id: '', path: '', text, target: false };
  const trees = splitDocuments(source).flatMap((segment) => parseYaml(segment));
  if (trees.some(({ faults, unknown }) => faults.length > 0 || unknown !== undefined))
    return [{ why: isUnreadable('its NodeConfig') }];
  return trees.flatMap(({ root }): Told[] => {
    if (!isRecord(root) || root['kind'] !== 'NodeConfig') return [];
    const kubelet = dig(root, ['spec', 'kubelet']);
    const [given, config] = [dig(kubelet, ['flags']), dig(kubelet, ['config'])];
    const words = Array.isArray(given) ? given.map(String) : [];
    const open = [kubelet, given, config].some((one) => typeof one === 'string' && one.includes(hole));
    const { flags, why } = flagsIn(words, at);
    const gates = dig(config, ['featureGates']);
    return [
      {
        flags,
        field: (path) => textOfData(dig(config, path.split('.')), at),
        gates: isRecord(gates) ? Object.keys(gates).map((name) => Value.set(name, at)) : [],
        why: why ?? (open ? partOfUserData : undefined),
      },
    ];
  });
}

/** Settings of Bottlerocket, by their kubelet names (Bottlerocket documentation, settings.kubernetes). */
const readBottlerocket = (settings: unknown, at: () => Location): Told => ({
  field: (path) => textOfData(dig(settings, path.split('.').map(dashed)), at),
});
function readToml(text: string, at: () => Location): Told {
  try {
    return readBottlerocket(dig(parseToml(text), ['settings', 'kubernetes']), at);
  } catch {
    return { why: isUnreadable('its TOML') };
  }
}

/** The bodies of a multipart MIME message, or the string itself. */
function partsOf(text: string): string[] {
  const boundary = /^Content-Type:\s*multipart\/[^\n]*?(?:\n[ \t][^\n]*?)*?boundary="?([^"\s;]+)"?/im.exec(
    text.slice(0, 2000),
  )?.[1];
  if (boundary === undefined) return [text];
  return text
    .split(`--${boundary}`)
    .slice(1)
    .map((part) => {
      const [, head = '', body = ''] = /^[^\n]*\n((?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*)\s*\n?(.*)$/s.exec(part) ?? [];
      return /^Content-Transfer-Encoding:\s*base64/im.test(head) && !body.includes(hole)
        ? Buffer.from(body, 'base64').toString('utf8')
        : body;
    });
}

/** The settings in a user data string. `text` is known as far as its pieces are. */
function readUserData(text: Value<string>): Told[] {
  if (text.state === 'default') return [];
  const { pieces } = text;
  const at = (): Location => text.at;
  if (pieces.every((piece) => piece === undefined)) return [{ why: text.why ?? partOfUserData }];
  return partsOf(
    pieces
      .map((piece) => piece ?? hole)
      .join('')
      .replaceAll('\r\n', '\n'),
  ).flatMap((part): Told[] => {
    if (/^[ \t{]*["']?apiVersion["']?:\s*["']?node\.eks\.aws\//m.test(part)) return readNodeConfig(part, at);
    if (/^[ \t]*\[settings\b|^[ \t]*settings\.[\w.-]+\s*=/m.test(part)) return [readToml(part, at)];
    return [readScript(part, at)];
  });
}

/** Fields of tools for the kubelet configuration. */
function readFields(config: Field, names: (path: string) => string): Told[] {
  if (config.why !== undefined) return [{ why: config.why }];
  if (config.empty) return [];
  const gates = config.get('featureGates');
  return [
    {
      field(path) {
        const field = names(path)
          .split('.')
          .reduce((one, key) => one.get(key), config);
        if (field.absent) return undefined;
        if (!Array.isArray(field.value)) return textOf(field);
        const texts = field.items().map((item) => textOf(item));
        const open = texts.find(({ state }) => state === 'unknown');
        return open ?? Value.set(texts.map(({ value }) => value).join(','), field.at);
      },
      gates: gates.entries().map(([name, one]) => Value.set(name, one.at)),
      why: config.rest,
    },
  ];
}

/** The value of one feature gate in `--feature-gates`. */
const gateIn = (list: string, gate: string): string | undefined =>
  list
    .split(',')
    .map((pair) => pair.split('='))
    .find(([name]) => name === gate)?.[1];

/** The user data strings: several if a tool has separate arguments for its parts. */
function textsOf(data: Property): Value<string>[] {
  const [parts, whole] = [data.path('UserDataParts'), data.path('UserData')];
  const text = whole.text();
  if (parts.absent) return [text.state === 'unknown' ? text : text.to(decoded)];
  return parts.why === undefined ? parts.items().map((part) => part.text()) : [Value.unknown(parts.why, parts.at)];
}

/** The settings in the properties of a template or group: user data, its parts if a tool has several, and fields. */
export function readKubelet(group: Property, data: Property | undefined, hidden: string | undefined): Kubelet {
  const place = group.at;
  const places: Told[] = [
    ...readFields(group.path('KubeletConfiguration').field, (path) => path),
    ...readFields(group.path('BottlerocketSettings').field, (path) => path.split('.').map(dashed).join('.')),
    ...(data ? textsOf(data).flatMap(readUserData) : []),
    ...(hidden === undefined ? [] : [{ why: hidden }]),
  ];
  const why = places.map((one) => one.why).find((one) => one !== undefined);
  const flags = places.flatMap((one) => one.flags ?? []);
  const set = flags.filter(({ name }) => name === 'feature-gates');
  const named = set.flatMap(({ value }) =>
    (value.value ?? '').split(',').flatMap((gate) => {
      const [name = ''] = gate.split('=');
      return name === '' ? [] : [Value.set(name, () => value.at)];
    }),
  );
  const hiddenGates = set.find(({ value }) => value.state === 'unknown')?.value.why;
  const state = <T>(items: readonly T[]) => (items.length > 0 ? 'set' : why === undefined ? 'default' : 'unknown');
  return {
    flags: new Collection(flags, { at: place, state: state(flags), why }),
    gates: new Collection([...places.flatMap((one) => one.gates ?? []), ...named], {
      at: place,
      why: why ?? hiddenGates,
    }),
    setting(path) {
      const gate = /^featureGates\.(\w+)$/.exec(path)?.[1];
      const name = gate === undefined ? flagOf(path) : 'feature-gates';
      const flag = flags.filter((one) => one.name === name).at(-1);
      const told = gate === undefined ? flag?.value : flag?.value.to((list) => gateIn(list, gate));
      if (told && told.state !== 'default') return told;
      const fields = places.map((one) => one.field?.(path)).filter((one) => one !== undefined);
      return fields.at(-1) ?? (why === undefined ? Value.default<string>(undefined, place) : Value.unknown(why, place));
    },
  };
}
