import type { Component } from '#model/component.ts';
import type { Change, Variant } from '#model/resource.ts';
import { isRecord } from '#model/shape.ts';
import type { AnyResource } from '#model/workspace.ts';
import { type Field, mixedMap } from '#spelling/field.ts';
import { embed, plainData, type PodTemplates, type Shape } from '../kubernetes/objects.ts';
import { type Chart, type ChartAccount, charts } from './charts.ts';

/** A release of a chart, whatever installs it. */
export interface Release {
  readonly whole: Field;
  readonly chart: Field;
  readonly name: Field;
  readonly namespace: Field;
  readonly version: Field;
  /** The values, which override those of the chart. */
  readonly values: Field;
  readonly unit: string;
}

/** What is known about releases: components, and the service accounts that they create. */
export interface Installed {
  readonly components: Component[];
  /** Accounts with annotations. */
  readonly resources: AnyResource[];
  /** Accounts whose annotations are not known. */
  readonly provided: AnyResource[];
}

/** Whether a value is set for a chart, which treats an empty string as unset. An unknown value counts as set. */
const isGiven = (field: Field): boolean => field.why !== undefined || (!field.absent && field.value !== '');

/**
 * The name of what a release creates: its own name if that contains the name of the chart, otherwise both (`fullname`
 * of the charts).
 */
function fullName(release: Release, chart: string, { base = chart, isExact = false }: Chart): Field {
  const { values, name } = release;
  const whole = values.get('fullnameOverride');
  if (isGiven(whole)) return whole;
  const other = values.get('nameOverride');
  const [own, part] = [name.value, isGiven(other) ? other.value : base];
  if (typeof own !== 'string' || typeof part !== 'string')
    return name.doubted(name.why ?? other.why ?? 'the name of the release is not known');
  const isOwn = isExact ? own === part : own.includes(part);
  return name.worth((isOwn ? own : `${own}-${part}`).slice(0, 63).replace(/-$/, ''));
}

function accountOf(release: Release, chart: string, facts: Chart, { at, name }: ChartAccount): Field[] {
  const { whole, namespace } = release;
  const settings = at.reduce((field, key) => field.get(key), release.values);
  if (settings.get('create').bool(true).value !== true) return [];
  const given = settings.get('name');
  const fallback = name === undefined ? fullName(release, chart, facts) : whole.worth(name);
  const entries = new Map([
    ['name', isGiven(given) ? given : fallback],
    ['namespace', namespace],
  ]);
  const annotations = settings.get('annotations');
  const place = settings.absent ? whole : settings;
  if (annotations.written) entries.set('annotations', annotations);
  return [
    place.worth(
      mixedMap(
        new Map([
          ['apiVersion', place.worth('v1')],
          ['kind', place.worth('ServiceAccount')],
          ['metadata', place.worth(mixedMap(entries))],
        ]),
      ),
    ),
  ];
}

/** Adds what a release of a chart installs, if it is one of the charts whose values we know (charts.ts). */
export function install(
  release: Release,
  into: Installed,
  {
    shape,
    ...more
  }: {
    readonly shape: Shape;
    readonly templates?: PodTemplates | undefined;
    readonly variant?: Variant | undefined;
  },
): void {
  const { chart, whole, namespace, version, values, unit } = release;
  // `oci://public.ecr.aws/karpenter/karpenter`
  const name = typeof chart.value === 'string' ? (chart.value.split('/').pop() ?? '') : '';
  const facts = Object.hasOwn(charts, name) ? charts[name] : undefined;
  if (!facts) return;
  into.components.push({
    name,
    get at() {
      return whole.at();
    },
    unit,
    namespace: namespace.text(),
    version: version.text(),
    setting: (...keys) => keys.reduce((field, key) => field.get(key), values).text(),
  });
  for (const account of facts.accounts.flatMap((one) => accountOf(release, name, facts, one))) {
    const changes: Change[] = [];
    const object = plainData(account, shape, changes);
    if (!isRecord(object)) continue;
    const hasNotes = isRecord(object['metadata']) && object['metadata']['annotations'] !== undefined;
    (hasNotes ? into.resources : into.provided).push(...embed(object, whole, changes, unit, more));
  }
}
