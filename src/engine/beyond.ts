import { isDeepStrictEqual } from 'node:util';
import type { Workload } from '#model/resource.ts';
import { list, record, text } from '#model/shape.ts';

/*
 * Anybody may write an owner into an object, and webhooks add to pods: what a workload made is judged at the workload, unless it has more
 * power than that.
 */

// A large cluster has many pods: nothing of them is kept.
const containersOf = ({ pod }: Workload) => [
  ...list(pod.initContainers),
  ...list(pod.containers),
  ...list(pod.ephemeralContainers),
];

/** What gives a workload power over its node, or over the cluster. */
function powersOf(workload: Workload): string[] {
  const { pod, serviceAccount } = workload;
  return [
    `account ${serviceAccount}`,
    ...(['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((key) => pod[key] === true),
    ...list(pod.volumes).flatMap(({ hostPath }) => (record(hostPath) ? [`path ${text(hostPath?.path) ?? ''}`] : [])),
    ...containersOf(workload).flatMap(({ name, securityContext }) => {
      const security = record(securityContext);
      const added = record(security?.capabilities)?.add;
      return [
        ...(security?.privileged === true ? [`privileged ${text(name) ?? ''}`] : []),
        ...(Array.isArray(added) ? added : []).map((one) => `${String(one)} ${text(name) ?? ''}`),
      ];
    }),
  ];
}
const known = new WeakMap<Workload, ReadonlySet<string>>();

/** Fields of a container that neither the API server nor a controller sets. */
const written = ['image', 'command', 'args', 'env', 'envFrom', 'ports', 'securityContext'] as const;

/** Whether a workload has more power than the one that made it; in files, where no webhook changes it, whether it runs something else. */
export function goesBeyond(made: Workload, owner: Workload): boolean {
  // Deployments keep what they made before they were changed, and Jobs stay after they ended.
  if (made.replicas === 0 || (made.live && made.kind === 'Job')) return false;
  const powers = known.get(owner) ?? new Set(powersOf(owner));
  known.set(owner, powers);
  if (powersOf(made).some((one) => !powers.has(one))) return true;
  if (made.live) return false;
  const templates = new Map(containersOf(owner).map((one) => [one.name, one]));
  return (
    !isDeepStrictEqual(made.pod.securityContext, owner.pod.securityContext) ||
    containersOf(made).some((one) => {
      const template = templates.get(one.name);
      return !template || written.some((key) => !isDeepStrictEqual(one[key], template[key]));
    })
  );
}
