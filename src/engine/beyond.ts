import { isDeepStrictEqual } from 'node:util';
import type { V1PodSecurityContext, V1SecurityContext } from '@kubernetes/client-node';
import { dig } from '#model/dig.ts';
import type { Workload } from '#model/resource.ts';
import { isRecord, list, record, text } from '#model/shape.ts';

/*
 * Anyone can write an owner into an object, and webhooks add to pods: what a workload created is judged at the
 * workload, unless it has more power than the workload.
 */

// A large cluster has many pods: no data about them is kept.
const containersOf = ({ pod }: Workload) => [
  ...list(pod.initContainers),
  ...list(pod.containers),
  ...list(pod.ephemeralContainers),
];

/** Fields that give a workload power over its node or the cluster. */
function powersOf(workload: Workload): string[] {
  const { pod, template, serviceAccount } = workload;
  return [
    `account ${serviceAccount}`,
    ...(['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((key) => pod[key] === true),
    ...weakened(record(pod.securityContext), 'pod'),
    ...list(record(pod.securityContext)?.sysctls).map(
      ({ name, value }) => `sysctl ${text(name) ?? ''} ${text(value) ?? ''}`,
    ),
    ...Object.entries(record(template.metadata?.annotations) ?? {}).flatMap(([key, value]) =>
      value === 'unconfined' && key.startsWith(appArmor) ? [`AppArmor ${key.slice(appArmor.length)}`] : [],
    ),
    ...list(pod.volumes).flatMap(({ hostPath }) => (record(hostPath) ? [`path ${text(hostPath?.path) ?? ''}`] : [])),
    ...containersOf(workload).flatMap(({ name, securityContext, ports, volumeMounts }) => {
      const security = record(securityContext);
      const added = record(security?.capabilities)?.add;
      return [
        ...weakened(security, text(name) ?? ''),
        ...list(ports).flatMap(({ hostPort }) => (hostPort === undefined ? [] : [`port ${JSON.stringify(hostPort)}`])),
        ...list(volumeMounts).flatMap(({ mountPropagation: how, mountPath }) =>
          how === 'Bidirectional' ? [`mounts ${text(mountPath) ?? ''} ${text(name) ?? ''}`] : [],
        ),
        ...(security?.privileged === true ? [`privileged ${text(name) ?? ''}`] : []),
        ...(Array.isArray(added) ? added : []).map((one) => `${text(one) ?? ''} ${text(name) ?? ''}`),
      ];
    }),
  ];
}
/** Before Kubernetes 1.30 annotations named the profile of a container (Kubernetes documentation, AppArmor). */
const appArmor = 'container.apparmor.security.beta.kubernetes.io/';
const administrator = /(?:^|\\)(?:container)?administrator$/i;

/** The parts of its isolation that a pod or container gives up. */
function weakened(security: V1SecurityContext | V1PodSecurityContext | undefined, name: string): string[] {
  const { seccompProfile, appArmorProfile, windowsOptions, seLinuxOptions } = security ?? {};
  const own = security && 'allowPrivilegeEscalation' in security ? security.allowPrivilegeEscalation : undefined;
  const mount = security && 'procMount' in security ? security.procMount : undefined;
  return [
    ...(record(seccompProfile)?.type === 'Unconfined' ? [`seccomp ${name}`] : []),
    ...(record(appArmorProfile)?.type === 'Unconfined' ? [`AppArmor ${name}`] : []),
    ...(record(windowsOptions)?.hostProcess === true ? [`HostProcess ${name}`] : []),
    ...(security?.runAsUser === 0 ? [`root ${name}`] : []),
    ...(security?.runAsNonRoot === false ? [`any user ${name}`] : []),
    ...(administrator.test(text(record(windowsOptions)?.runAsUserName) ?? '') ? [`administrator ${name}`] : []),
    ...(['type', 'user', 'role'] as const).flatMap((key) => {
      const value = text(record(seLinuxOptions)?.[key]) ?? '';
      return value === '' ? [] : [`SELinux ${key} ${value} ${name}`];
    }),
    ...(own === true ? [`escalation ${name}`] : []),
    ...(mount === 'Unmasked' ? [`proc ${name}`] : []),
  ];
}
const known = new WeakMap<Workload, ReadonlySet<string>>();

/** Whether a Job has ended (Kubernetes documentation, Jobs, Terminal Job conditions). */
function hasEnded({ kind, object }: Workload): boolean {
  const conditions: unknown = kind === 'Job' ? dig(object, 'status', 'conditions') : undefined;
  return (Array.isArray(conditions) ? (conditions as unknown[]) : [])
    .filter(isRecord)
    .some(({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True');
}

/** Fields of a container that neither the API server nor a controller sets. */
const written = ['image', 'command', 'args', 'env', 'envFrom', 'ports', 'securityContext'] as const;

/**
 * Whether a workload has more power than the workload that created it, or, in files, where no webhook changes it, runs
 * something else.
 */
export function goesBeyond(made: Workload, owner: Workload): boolean {
  // Deployments keep ReplicaSets from before a change, and Jobs remain after they end.
  if (made.replicas === 0 || (made.live && hasEnded(made))) return false;
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
