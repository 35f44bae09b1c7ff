import { minorOf } from '#model/calendar.ts';
import type { Addon, Cluster, Nodegroup } from '#model/cluster.ts';
import type { AuditedCluster, Report, Upgraded, UpgradedPart } from '#model/finding.ts';
import type { Collection } from '#model/value.ts';
import type { Workspace } from '#model/workspace.ts';
import type { AnyRule } from '#rule';
import type { TargetFinder } from './target.ts';

interface Run {
  readonly workspace: Workspace;
  readonly audited: readonly AuditedCluster[];
  /** The running cluster that a source describes, by the id of the source. */
  readonly clusters: ReadonlyMap<string, AuditedCluster>;
  /** Ids of the sources that are judged. */
  readonly targets: ReadonlySet<string>;
  readonly targetOf: TargetFinder;
  readonly pathOf: (source: string) => string;
  readonly asked: string | undefined;
  readonly rules: readonly AnyRule[];
  readonly active: readonly { readonly rule: AnyRule }[];
}

/** What an upgrade plan needs to know about the clusters of a run. */
export function upgradeOf(run: Run): Report['upgrade'] {
  const { workspace, audited, targets, targetOf, pathOf } = run;
  const told = new Set<AuditedCluster>();
  // A template with several values files describes one cluster in several ways.
  const seen = new Set<object>();
  const clusters = workspace.clusters.flatMap((cluster): Upgraded[] => {
    const key = cluster.object ?? cluster;
    if (!targets.has(cluster.at.source) || seen.has(key)) return [];
    seen.add(key);
    const running = run.clusters.get(cluster.at.source);
    if (running) told.add(running);
    return [upgraded(cluster, targetOf({ path: pathOf(cluster.at.source) }).highest, running)];
  });
  for (const one of audited) {
    if (told.has(one)) continue;
    const source = [...run.clusters].find(([, cluster]) => cluster === one)?.[0] ?? '';
    clusters.push({
      name: one.name,
      at: undefined,
      minor: minorOf(one.version),
      target: targetOf({ path: pathOf(source) }).highest,
      addons: [],
      nodes: [],
      unknown: ['add-ons and node groups: AWS was not queried'],
    });
  }
  const active = new Set(run.active.map(({ rule }) => rule.id));
  const off = run.rules
    .filter(({ id, preset }) => id.startsWith('upgrades/') && preset === 'recommended' && !active.has(id))
    .map(({ id }) => id);
  return { target: minorOf(run.asked ?? ''), clusters, off };
}

function upgraded(cluster: Cluster, target: number, running: AuditedCluster | undefined): Upgraded {
  const { version, addons, nodegroups } = cluster;
  const minor = minorOf(version.value ?? running?.version ?? '');
  return {
    name: running?.name ?? cluster.subject.name,
    at: version.at,
    minor,
    target,
    addons: addons.known.map(partOf),
    nodes: nodegroups.known.map(partOf),
    unknown: [
      ...(minor === undefined ? [`its version: ${version.why ?? 'it is not set anywhere'}`] : []),
      ...left(addons, 'add-ons'),
      ...left(nodegroups, 'node groups'),
    ],
  };
}

const partOf = ({ subject, version, at }: Addon | Nodegroup): UpgradedPart => ({
  name: subject.name,
  version: version.value,
  at: version.written ? version.at : at,
});

const left = ({ complete, why }: Collection<unknown>, what: string): string[] =>
  complete ? [] : [`other ${what}${why === undefined ? '' : `: ${why}`}`];
