import * as models from '@kubernetes/client-node';
import { describe, expect, test } from 'vitest';
import { lists, names, numbers, switches, textMaps, types } from '#inputs/terraform/kubernetes-spelling.ts';

/*
 * Every name in the tables against the models of the Kubernetes API: a misspelled name is not a field there. The few
 * for which the provider has its own names are listed here again.
 */

interface Field {
  readonly baseName: string;
  readonly type: string;
}
const fields = new Map<string, Set<string>>();
/** The fields of each model, and the models of the fields with some name. */
const holders = new Map<string, Set<string>>();
const modelOf = (type: string): string =>
  /(?:Array<)?(?:[A-Z]\w*V\d\w*|V\d\w+)/.exec(type)?.[0].replace('Array<', '') ?? '';
for (const [model, { attributeTypeMap }] of Object.entries(models) as [string, { attributeTypeMap?: Field[] }][])
  for (const { baseName, type } of attributeTypeMap ?? []) {
    fields.set(baseName, (fields.get(baseName) ?? new Set()).add(type));
    holders.set(`${model} ${baseName}`, new Set([type]));
    if (modelOf(type) !== '') holders.set(baseName, (holders.get(baseName) ?? new Set()).add(modelOf(type)));
  }
const isList = (types: ReadonlySet<string> | undefined): boolean =>
  [...(types ?? [])].some((type) => type.startsWith('Array<'));
const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
/** A name, and its value if there is one. */
const singular = (name: string): readonly string[] => [name, name.replace(/ies$/, 'y'), name.replace(/s$/, '')];

describe('kinds', () => {
  /** Kinds that the provider writes as one word. */
  const oneWord: Readonly<Record<string, string>> = { kubernetes_daemonset: 'kubernetes_daemon_set' };
  /** API versions that were removed. */
  const gone = new Set([
    'extensions/v1beta1 Ingress',
    'policy/v1beta1 PodDisruptionBudget',
    'batch/v1beta1 CronJob',
    'autoscaling/v2beta2 HorizontalPodAutoscaler',
  ]);
  test.each(Object.entries(types))('%s', (type, [apiVersion, kind]) => {
    expect((oneWord[type] ?? type).replace(/_v\d\w*$/, '')).toBe(`kubernetes_${snake(kind).slice(1)}`);
    const suffix = /_(v\d\w*)$/.exec(type)?.[1];
    const version = apiVersion.slice(apiVersion.lastIndexOf('/') + 1);
    if (suffix !== undefined) expect(version).toBe(suffix);
    if (gone.has(`${apiVersion} ${kind}`)) return;
    const api = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')).replace('.k8s.io', '') : 'core';
    const name = `${api.replace(/(?:^|\.)([a-z])/g, (_, letter: string) => letter.toUpperCase())}${version.replace('v', 'V')}Api`;
    const client = (models as unknown as Record<string, { prototype: object } | undefined>)[name];
    expect(client, name).toBeDefined();
    const methods = Object.getOwnPropertyNames(client?.prototype ?? {});
    expect(
      methods.some((method) => method === `create${kind}` || method === `createNamespaced${kind}`),
      kind,
    ).toBe(true);
  });
});

describe('lists', () => {
  test.each(Object.entries(lists))('%s is %s', (key, name) => {
    expect(isList(fields.get(name)), `a list called ${name}`).toBe(true);
    const [holder, word = holder] = key.split(' ') as [string, string?];
    expect(singular(snake(name))).toContain(word);
    if (word === holder) return;
    const inside = holders.get(holder) ?? new Set([`V1${holder}Spec`, `V1${holder}`]);
    expect(
      [...inside].some((model) => isList(holders.get(`${model} ${name}`))),
      `${name} in ${holder}`,
    ).toBe(true);
  });
});

describe('names', () => {
  const own: Readonly<Record<string, string>> = {
    storage_provisioner: 'provisioner',
    'DaemonSet strategy': 'updateStrategy',
    'Secret data': 'stringData',
    'Secret binary_data': 'data',
  };
  test.each(Object.entries(names))('%s is %s', (key, name) => {
    expect(fields.has(name), `a field called ${name}`).toBe(true);
    expect(own[key] ?? key.replaceAll('_', '')).toBe(own[key] === undefined ? name.toLowerCase() : name);
  });
});

describe('types of scalars', () => {
  /** In API versions that were removed. */
  const gone = new Set(['servicePort']);
  const has = (name: string, ...wanted: readonly string[]): boolean =>
    gone.has(name) || [...(fields.get(name) ?? [])].some((type) => wanted.includes(type));
  test.each([...numbers])('%s is a number', (name) => expect(has(name, 'number', 'IntOrString')).toBe(true));
  test.each([...switches])('%s is a boolean', (name) => expect(has(name, 'boolean')).toBe(true));
  test.each([...textMaps])('%s is a map of strings', (name) =>
    expect(has(name, '{ [key: string]: string; }')).toBe(true),
  );
});
