import type { PodContainer, Workload } from '#model/resource.ts';
import { dig, digRecord } from '#model/dig.ts';
import { isRecord, list, record, text } from '#model/shape.ts';
import { addedCapabilities, baselineCapabilities } from './pod.ts';

/*
 * The Pod Security Standards and the labels of Pod Security Admission. Controls, and the versions in which they
 * changed, are taken from the Kubernetes documentation, Pod Security Standards, and from the checks of
 * k8s.io/pod-security-admission.
 */

/** The prefix of the labels of a Namespace. */
export const labelPrefix = 'pod-security.kubernetes.io/';
export const enforceLabel = `${labelPrefix}enforce`;
export const modes = ['enforce', 'warn', 'audit'] as const;
export const levels = ['privileged', 'baseline', 'restricted'] as const;
/** The option of the rules about levels. */
export const exemptNamespaces = {
  type: 'array',
  items: { type: 'string' },
  default: ['kube-system'],
  description: 'Namespaces that are not checked.',
} as const;
/** Whether a label sets the version of a level. */
export const isVersionLabel = (label: string): boolean => label.endsWith('-version');
/** Whether Pod Security Admission reads a label. */
export const isKnownLabel = (label: string): boolean =>
  modes.some((mode) => label === labelPrefix + mode || label === `${labelPrefix}${mode}-version`);

/** Safe sysctls by the minor version since which they are safe (Pod Security Standards; 0: all). */
const safeSince: ReadonlyMap<string, number> = new Map([
  ...[
    'kernel.shm_rmid_forced',
    'net.ipv4.ip_local_port_range',
    'net.ipv4.ip_unprivileged_port_start',
    'net.ipv4.tcp_syncookies',
    'net.ipv4.ping_group_range',
  ].map((name) => [name, 0] as const),
  ['net.ipv4.ip_local_reserved_ports', 27],
  ...['tcp_keepalive_time', 'tcp_fin_timeout', 'tcp_keepalive_intvl', 'tcp_keepalive_probes'].map(
    (name) => [`net.ipv4.${name}`, 29] as const,
  ),
  ['net.ipv4.tcp_rmem', 32],
  ['net.ipv4.tcp_wmem', 32],
  ['net.ipv4.tcp_slow_start_after_idle', 37],
  ['net.ipv4.tcp_notsent_lowat', 37],
]);

/** The kubelet also accepts a name with slashes; the first separator decides which form it is. */
export const dottedSysctl = (name: string): string =>
  name.search(/[./]/) >= 0 && name[name.search(/[./]/)] === '/'
    ? name.replace(/[./]/g, (one) => (one === '/' ? '.' : '/'))
    : name;
/** Whether a release considers a sysctl safe. */
export const isSafeSysctl = (name: string, minor: number): boolean => (safeSince.get(name) ?? Infinity) <= minor;

const annotationPrefix = 'container.apparmor.security.beta.kubernetes.io/';

const selinuxTypes = new Set(['', 'container_t', 'container_init_t', 'container_kvm_t']);
/** Whether a release allows an SELinux type at the baseline level. */
export const isAllowedSelinuxType = (type: string, minor: number): boolean =>
  selinuxTypes.has(type) || (type === 'container_engine_t' && minor >= 31);

/** Volume types of the restricted level; images since API server 1.33, whatever version a namespace sets. */
const restrictedVolumes = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

/** A control that a pod violates, and where: a field, or the map that lacks it. */
export interface Breach {
  readonly control: string;
  readonly on: object;
  readonly key: string | number;
}

/** The probes and hooks of a container that open a connection, by their usual names. */
export function connectionsOf({ object }: PodContainer): readonly { readonly handler: string; readonly on: object }[] {
  const lifecycle = record(object.lifecycle);
  const handlers = {
    'The liveness probe': object.livenessProbe,
    'The readiness probe': object.readinessProbe,
    'The startup probe': object.startupProbe,
    'The postStart hook': lifecycle?.postStart,
    'The preStop hook': lifecycle?.preStop,
  };
  return Object.entries(handlers).flatMap(([handler, value]) =>
    [digRecord(value, 'httpGet'), digRecord(value, 'tcpSocket')].flatMap((on) => (on ? [{ handler, on }] : [])),
  );
}

/** The controls of a level that a pod violates, in a version of the standards. */
export function breachesOf(workload: Workload, level: 'baseline' | 'restricted', minor: number): readonly Breach[] {
  const baseline = baselineBreaches(workload, minor);
  return level === 'baseline' ? baseline : [...baseline, ...restrictedBreaches(workload, minor)];
}

function baselineBreaches(workload: Workload, minor: number): Breach[] {
  const { pod, containers } = workload;
  const found: Breach[] = [];
  const add = (control: string, on: object, key: string | number): void => void found.push({ control, on, key });
  for (const key of ['hostNetwork', 'hostPID', 'hostIPC'] as const)
    if (pod[key] === true) add('host namespaces', pod, key);
  const contexts = [record(pod.securityContext), ...containers.map(({ security }) => security)];
  for (const context of contexts) {
    if (!context) continue;
    const windows = digRecord(context, 'windowsOptions');
    if (windows?.['hostProcess'] === true) add('HostProcess', windows, 'hostProcess');
    const selinux = digRecord(context, 'seLinuxOptions');
    if (selinux) {
      if (!isAllowedSelinuxType(text(selinux['type']) ?? '', minor)) add('SELinux', selinux, 'type');
      for (const key of ['user', 'role']) if ((text(selinux[key]) ?? '') !== '') add('SELinux', selinux, key);
    }
    const seccomp = digRecord(context, 'seccompProfile');
    if (seccomp?.['type'] === 'Unconfined') add('seccomp', seccomp, 'type');
    const appArmor = digRecord(context, 'appArmorProfile');
    if (appArmor?.['type'] === 'Unconfined') add('AppArmor', appArmor, 'type');
  }
  for (const entry of list(record(pod.securityContext)?.sysctls)) {
    const name = dottedSysctl(text(entry.name) ?? '');
    if (name !== '' && !isSafeSysctl(name, minor)) add('sysctls', entry, 'name');
  }
  const annotations = digRecord(workload.template, 'metadata', 'annotations') ?? {};
  for (const [key, value] of Object.entries(annotations))
    if (key.startsWith(annotationPrefix) && !/^(?:$|runtime\/default$|localhost\/)/.test(text(value) ?? ''))
      add('AppArmor', annotations, key);
  for (const volume of list(pod.volumes)) if (isRecord(volume.hostPath)) add('hostPath volumes', volume, 'hostPath');
  const relaxed = pod.hostUsers === false && minor >= 35;
  for (const container of containers) {
    const { security } = container;
    if (security?.privileged === true) add('privileged containers', security, 'privileged');
    for (const { name, on, key } of addedCapabilities(container))
      if (!baselineCapabilities.has(name)) add('capabilities', on, key);
    const procMount = text(security?.procMount) ?? '';
    if (security && procMount !== '' && procMount !== 'Default' && !relaxed) add('procMount', security, 'procMount');
    // With hostNetwork the API server sets hostPort itself; the cause is named above.
    if (pod.hostNetwork !== true)
      for (const port of list(container.object.ports))
        if (typeof port.hostPort === 'number' && port.hostPort !== 0) add('host ports', port, 'hostPort');
    if (minor >= 34)
      for (const { on } of connectionsOf(container))
        if ((text(dig(on, 'host')) ?? '') !== '') add('probe hosts', on, 'host');
  }
  return found;
}

/** What the restricted level requires in addition to the baseline level. */
function restrictedBreaches({ pod, containers }: Workload, minor: number): Breach[] {
  const found: Breach[] = [];
  const add = (control: string, on: object, key: string | number): void => void found.push({ control, on, key });
  for (const volume of list(pod.volumes)) {
    const type = Object.keys(volume).find((key) => key !== 'name' && !restrictedVolumes.has(key));
    if (type !== undefined && type !== 'hostPath') add('volume types', volume, type);
  }
  const shared = record(pod.securityContext);
  const relaxed = pod.hostUsers === false && minor >= 35;
  // The standards check the OS field of a pod, not where it is scheduled.
  const windows = digRecord(pod, 'os')?.['name'] === 'windows' && minor >= 25;
  if (shared && !relaxed) {
    if (shared.runAsNonRoot === false) add('running as non-root', shared, 'runAsNonRoot');
    if (shared.runAsUser === 0 && minor >= 23) add('root user', shared, 'runAsUser');
  }
  for (const container of containers) {
    const { security, object } = container;
    const [on, missing] = security ? [security, undefined] : [object, 'securityContext'];
    if (!relaxed) {
      const nonRoot = security?.runAsNonRoot ?? shared?.runAsNonRoot;
      if (nonRoot !== true && !(security?.runAsNonRoot === undefined && shared?.runAsNonRoot === false))
        add('running as non-root', on, missing ?? 'runAsNonRoot');
      if (security?.runAsUser === 0 && minor >= 23) add('root user', security, 'runAsUser');
    }
    if (security && minor >= 35) {
      const procMount = text(security.procMount) ?? '';
      if (procMount !== '' && procMount !== 'Default' && pod.hostUsers === false)
        add('procMount', security, 'procMount');
    }
    if (windows) continue;
    if (security?.allowPrivilegeEscalation !== false && minor >= 8)
      add('privilege escalation', on, missing ?? 'allowPrivilegeEscalation');
    if (minor >= 22) {
      const drop: unknown = container.capabilities?.drop;
      if (!(Array.isArray(drop) && drop.includes('ALL')))
        add(
          'capabilities',
          container.capabilities ?? on,
          container.capabilities ? 'drop' : (missing ?? 'capabilities'),
        );
      for (const { name, on: list, key } of addedCapabilities(container))
        if (baselineCapabilities.has(name) && name !== 'NET_BIND_SERVICE') add('capabilities', list, key);
    }
    if (minor >= 19 && !container.effective('seccompProfile').value) add('seccomp', on, missing ?? 'seccompProfile');
  }
  return found;
}
