/* Quantities as the API server accepts them, and where objects contain them. */
import { dig, digList, digRecord } from '#model/dig.ts';
import { parseQuantity } from '#model/quantity.ts';
import { type Resource, Workload } from '#model/resource.ts';
import { isRecord, list, text } from '#model/shape.ts';

export { isQuantity, parseQuantity } from '#model/quantity.ts';

/** A quantity, and its resource: `cpu`, `requests.storage`; '' if not named. */
export interface WrittenQuantity {
  readonly on: object;
  readonly key: string;
  readonly resource: string;
  /** The field that contains it, as users know it. */
  readonly field: string;
}

/** All quantities of an object. */
export function quantitiesOf(object: Resource<never> | Resource<object>): WrittenQuantity[] {
  const found: WrittenQuantity[] = [];
  const addMap = (on: unknown, field: string, holder = ''): void => {
    if (isRecord(on))
      for (const key of Object.keys(on)) found.push({ on, key, resource: key, field: `${field}.${key}${holder}` });
  };
  const addResources = (on: unknown, holder = ''): void => {
    for (const bound of ['requests', 'limits']) addMap(dig(on, bound), `resources.${bound}`, holder);
  };
  const addClaim = (spec: unknown): void => addResources(dig(spec, 'resources'));
  const itemsOf = (...path: readonly string[]): readonly Record<string, unknown>[] => {
    return digList(object.object, ...path);
  };
  if (object instanceof Workload) {
    for (const { object: container, name } of object.containers)
      addResources(container.resources, ` of container "${name}"`);
    addResources(object.pod.resources);
    addMap(object.pod.overhead, 'overhead');
    for (const volume of list(object.pod.volumes)) {
      const directory: unknown = volume.emptyDir;
      if (isRecord(directory) && 'sizeLimit' in directory)
        found.push({
          on: directory,
          key: 'sizeLimit',
          resource: 'memory',
          field: `sizeLimit of volume "${text(volume.name) ?? ''}"`,
        });
      addClaim(dig(volume.ephemeral, 'volumeClaimTemplate', 'spec'));
    }
  }
  switch (object.known) {
    case 'StatefulSet':
      for (const claim of itemsOf('spec', 'volumeClaimTemplates')) addClaim(claim['spec']);
      break;
    case 'PersistentVolumeClaim':
      addClaim(dig(object.object, 'spec'));
      break;
    case 'PersistentVolume':
      addMap(dig(object.object, 'spec', 'capacity'), 'capacity');
      break;
    case 'ResourceQuota':
      addMap(dig(object.object, 'spec', 'hard'), 'hard');
      break;
    case 'LimitRange':
      for (const item of itemsOf('spec', 'limits'))
        for (const key of ['default', 'defaultRequest', 'max', 'min']) addMap(item[key], key);
      break;
    case 'HorizontalPodAutoscaler':
      for (const metric of itemsOf('spec', 'metrics'))
        for (const source of Object.values(metric)) {
          const target = digRecord(source, 'target');
          for (const key of ['value', 'averageValue'])
            if (target && key in target) found.push({ on: target, key, resource: '', field: `target.${key}` });
        }
      break;
  }
  return found;
}

/** A percentage, as people write it in place of an amount. */
export const isPercentage = (value: unknown): boolean =>
  typeof value === 'string' && value.endsWith('%') && /^\d+(?:\.\d+)?%$/.test(value);

/** Resources that only exist in whole units: huge pages, and extended resources. */
export const isWhole = (resource: string): boolean => {
  const name =
    resource.startsWith('requests.') || resource.startsWith('limits.')
      ? resource.slice(resource.indexOf('.') + 1)
      : resource;
  return (
    name.startsWith('hugepages-') ||
    (name.includes('/') && !/(?:^|\.)kubernetes\.io\//.test(name) && !resource.includes('storageclass'))
  );
};

/** Units that people write, and the suffixes that they stand for. */
const units: Readonly<Record<string, string>> = {
  b: '',
  kb: 'k',
  mb: 'M',
  gb: 'G',
  tb: 'T',
  kib: 'Ki',
  mib: 'Mi',
  gib: 'Gi',
  tib: 'Ti',
};
const suffixes = ['', 'k', 'M', 'G', 'T', 'P', 'E', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei', 'm'];

/** The quantity that a string is meant to be: `1GB` is 1G, `64mi` is 64Mi; undefined if that is unclear. */
export function likelyQuantity(text: string): string | undefined {
  const [, number, unit = ''] = /^([\d.]+)\s*([A-Za-z]+)$/.exec(text.trim()) ?? [];
  if (number === undefined) return undefined;
  const suffix =
    units[unit.toLowerCase()] ??
    suffixes.find((one) => one.toLowerCase() === unit.toLowerCase() && one.length === unit.length);
  const made = suffix === undefined ? undefined : `${number}${suffix}`;
  return made !== undefined && made !== text && parseQuantity(made) !== undefined ? made : undefined;
}
