import type { Location } from '#syntax/tree.ts';
import type { Kubelet } from '#model/kubelet.ts';
import { Answer, Value } from '#model/value.ts';
import { read } from './read.ts';
import { gettersOf } from './told.ts';

/** Locations, internal state, and what follows from it. */
const passed = new Set([
  'tree',
  'at',
  'source',
  'object',
  'whole',
  'input',
  'constructor',
  'slot',
  'items',
  'complete',
  'empty',
]);
/** The text for a list that is complete. */
const ordinary: readonly unknown[] = ['set', 'default'];

const isKubelet = (node: object): node is Kubelet => 'setting' in node && 'gates' in node;
/** Fields of each form: of one word and several, nested, lists, with a flag of another name. */
const settings = [
  'allowedUnsafeSysctls',
  'authentication.anonymous.enabled',
  'authentication.webhook.enabled',
  'authentication.x509.clientCAFile',
  'authorization.mode',
  'clusterDNS',
  'containerLogMaxSize',
  'cpuCFSQuota',
  'eventRecordQPS',
  'featureGates.Other',
  'featureGates.RotateKubeletServerCertificate',
  'featureGates.Second',
  'makeIPTablesUtilChains',
  'maxPods',
  'protectKernelDefaults',
  'readOnlyPort',
  'registryPullQPS',
  'serverTLSBootstrap',
  'streamingConnectionIdleTimeout',
  'tlsCipherSuites',
];

/** The content of an object: its own entries, and the values of its getters. */
function entriesOf(node: object): [string, unknown][] {
  return [...Object.entries(node).filter(([name]) => !passed.has(name)), ...gettersOf(node, passed)];
}

const placeOf = ({ source, path, start }: Location): string =>
  `${source}${start ? `:${start.line}` : ''} ${path}`.trimEnd();

const sayValue = (value: Value<unknown>): string =>
  value.state === 'unknown' ? `? ${value.why ?? ''}` : String(value.value);

/**
 * What is read from files as written in them, one fact per line with its location: `loose[0].name: "web" (main.tf:2
 * node_group_name)`. Then what is not written, one line for each part: the defaults, unknown facts, and facts that the
 * format cannot express.
 */
export function writtenFacts(files: Readonly<Record<string, string>>): string {
  const { clusters, loose, aws, provided, resources, components, notes } = read(files);
  const lines: string[] = [];
  const seen = new Set<object>();
  const defaults = new Map<string, string[]>();
  const wordless = new Map<string, string[]>();
  const note = (into: Map<string, string[]>, part: string, fact: string): void => {
    into.set(part, [...(into.get(part) ?? []), fact]);
  };
  const unknown = new Map<string, string[]>();
  const visit = (node: unknown, path: string): void => {
    if (node === undefined || node === null || typeof node === 'function') return;
    if (typeof node !== 'object') {
      if (!(path.endsWith('.state') && ordinary.includes(node))) lines.push(`${path}: ${JSON.stringify(node)}`);
      return;
    }
    // All that are alike may be one object.
    if (!(node instanceof Answer)) {
      if (seen.has(node)) return;
      seen.add(node);
    }
    if (node instanceof Value) {
      if (!node.written) {
        const [part = '', ...rest] = path.split('.');
        if (!node.sayable) note(wordless, part, rest.join('.'));
        if (node.state === 'default' && node.value !== undefined)
          note(defaults, part, `${rest.join('.')} ${JSON.stringify(node.value)}`);
        if (node.state === 'unknown') note(unknown, part, `${rest.join('.')} (${node.why ?? ''})`);
        return;
      }
      const said = node.state === 'unknown' ? `? ${node.why ?? ''}` : JSON.stringify(node.value);
      lines.push(`${path}: ${said} (${placeOf(node.at)})`);
      return;
    }
    if (node instanceof Map || node instanceof Set || Array.isArray(node)) {
      for (const [i, inner] of [...node].entries()) visit(inner, `${path}[${i}]`);
      return;
    }
    if (isKubelet(node))
      for (const setting of settings) {
        const value = node.setting(setting);
        // A reason that all settings share is written once, for the list of gates.
        if (value.written && (value.state === 'set' || value.why !== node.gates.why))
          visit(value, `${path}.${setting}`);
      }
    for (const [name, inner] of entriesOf(node)) {
      // Only data from the API: the rest is the data of this release.
      if (name === 'calendar' && typeof inner === 'object' && inner !== null && Symbol.iterator in inner)
        for (const version of inner as Iterable<Record<string, unknown>>) {
          if (String(version['source']).includes('API'))
            lines.push(`${path}.calendar: ${Object.values(version).join(' ')}`);
        }
      else if (name === 'subject' && typeof inner === 'object' && inner !== null)
        lines.push(
          `${path} is called ${Object.values(inner)
            .filter((word) => word !== '')
            .join(' ')}`,
        );
      else if (name === 'kind' && typeof inner === 'string') lines.push(`${path} is a ${inner}`);
      else visit(inner, name === 'known' ? path : path === '' ? name : `${path}.${name}`);
    }
  };
  for (const [name, of] of Object.entries({ clusters, loose, aws }))
    for (const [i, one] of of.entries()) visit(one, `${name}[${i}]`);
  for (const [part, facts] of defaults) lines.push(`${part} by default: ${facts.join(', ')}`);
  for (const [part, facts] of unknown) lines.push(`${part} does not tell ${facts.join(', ')}`);
  for (const [part, facts] of wordless) lines.push(`${part} has no words for ${facts.join(', ')}`);
  for (const one of components) {
    const settings = [['clusterName'], ['autoDiscovery', 'clusterName'], ['settings', 'clusterName']];
    const told = settings.map((keys) => one.setting(...keys)).filter(({ written }) => written);
    lines.push(`runs ${[one.name, ...[one.namespace, one.version, ...told].map(sayValue)].join(', ')}`);
  }
  for (const { kind, namespace, name } of provided) lines.push(`provides ${kind} ${namespace ?? ''}/${name}`);
  // Objects that another format holds.
  for (const { kind, object, tree, changes } of resources)
    if (!tree.source.path.endsWith('.yaml')) {
      lines.push(`applies ${kind} ${JSON.stringify(object)}`);
      for (const { path, by } of changes) lines.push(`changed at ${path.join('.')}: ${JSON.stringify(by)}`);
    }
  for (const { kind, message, at } of notes) lines.push(`note, ${kind}: ${message}${at ? ` (${placeOf(at)})` : ''}`);
  return `${lines.join('\n')}\n`;
}
