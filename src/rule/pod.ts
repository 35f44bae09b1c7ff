import { push } from '#model/selector.ts';
import { posix } from 'node:path';
import type { V1HostPathVolumeSource, V1SeccompProfile } from '@kubernetes/client-node';
import type { Change, PodContainer, Workload } from '#model/resource.ts';
import { isRecord, list, record, text } from '#model/shape.ts';
import type { Edit } from '#syntax/tree.ts';
import type { Family } from './define.ts';

/** The option of rules that exclude the pods of some namespaces. */
export const allowedNamespaces = {
  type: 'array',
  items: { type: 'string' },
  default: ['kube-system'],
  description: 'Namespaces whose pods are not checked.',
} as const;

/** The option of rules that accept something that the Pod Security Standards reject; the presets pss-* set it. */
export const strictPss = {
  type: 'boolean',
  default: false,
  description: 'Judge as the Pod Security Standards do: everything that they reject is reported.',
} as const;

/**
 * Whether pods only run in `helm test` (Helm documentation, Chart Tests): they are not part of a running release, so
 * best-practice rules exclude them.
 */
export const isHelmTest = ({ annotations }: Workload): boolean =>
  annotations['helm.sh/hook']?.split(',').some((hook) => /^test(?:-success|-failure)?$/.test(hook.trim())) ?? false;

/** The containers of pod templates that Spark completes (Amazon EMR on EKS Development Guide, Using pod templates). */
const sparkContainers = new Set(['spark-kubernetes-driver', 'spark-kubernetes-executor', 'spark-kubernetes-executors']);
/**
 * Whether Spark sets the image and resources of a container, from its own configuration (Spark documentation, Running
 * on Kubernetes, Pod Template).
 */
export const isSparkContainer = ({ name }: Pick<PodContainer, 'name'>): boolean => sparkContainers.has(name);
/** Whether a Pod is a template from which Spark creates pods, never applied as it is. */
export const isSparkTemplate = ({ kind, live, containers }: Workload): boolean =>
  kind === 'Pod' && !live && containers.some(isSparkContainer);

/**
 * Whether the command, arguments or variables of a container mention a port, because it need not declare the ports on
 * which it listens.
 */
export const namesPort = ({ object: { command, args, env } }: PodContainer, port: number): boolean =>
  new RegExp(`(?<![\\w.])${port}(?!\\w)`).test(JSON.stringify([command, args, list(env).map(({ value }) => value)]));

/*
 * What several rules about pods share: capability names, the seccomp profile and the user that apply to a container,
 * and host paths. Lists follow the Pod Security Standards
 * (https://kubernetes.io/docs/concepts/security/pod-security-standards/).
 */

/**
 * Capabilities whose effects reach beyond the container: the default of capability-dangerous-added, so the other two
 * rules skip them.
 */
export const dangerousCapabilities: readonly string[] = [
  'ALL',
  'SYS_ADMIN',
  'SYS_MODULE',
  'SYS_RAWIO',
  'SYS_PTRACE',
  'SYS_BOOT',
  'MAC_ADMIN',
  'MAC_OVERRIDE',
  'BPF',
  'PERFMON',
  'DAC_READ_SEARCH',
  'NET_ADMIN',
];

/** Capabilities that the baseline level lets a container add. */
export const baselineCapabilities: ReadonlySet<string> = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

/** A capability name as the kernel documents it, without `CAP_` and in uppercase. */
export const capabilityName = (written: string): string => written.toUpperCase().replace(/^CAP_/, '');

/** One name that a container adds: `on[key]` is its location in the list; `removal` removes every spelling of it. */
interface AddedCapability {
  readonly name: string;
  readonly on: readonly string[];
  readonly key: number;
  readonly removal: readonly Edit[];
}

/** The capabilities that a container adds, each name once. */
export function addedCapabilities(container: PodContainer): readonly AddedCapability[] {
  const add = container.capabilities?.add;
  if (!Array.isArray(add)) return [];
  const found = new Map<string, number[]>();
  for (const [key, written] of add.entries()) {
    const name = capabilityName(text(written) ?? '');
    if (name !== '') push(found, name, key);
  }
  return [...found].map(([name, keys]) => ({
    name,
    on: add,
    key: keys[0] ?? 0,
    removal: keys.map((key) => ({ op: 'remove', on: add, key }) as const),
  }));
}

/** What a container may lack of its `securityContext`. */
export const containerContext: Family = {
  message: 'Container "{container}" of {workload} does not {parts}, so a compromise of it can spread further',
  help: 'Set securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}} as far as the program supports it',
};

/**
 * The edit that sets a field of the securityContext of a container or pod, even if there is none yet. Its location is
 * the one to report.
 */
export function contextEdit(
  holder: { readonly securityContext?: object },
  key: string,
  value: unknown,
): { readonly op: 'set'; readonly on: object; readonly key: string; readonly value: unknown } {
  const { securityContext: context } = holder;
  return isRecord(context)
    ? { op: 'set', on: context, key, value }
    : { op: 'set', on: holder, key: 'securityContext', value: { [key]: value } };
}

/**
 * The commands of a container as lists of words: its command and arguments, and those of its exec probes and lifecycle
 * hooks.
 */
export function commandsOf({ object }: PodContainer): readonly (readonly unknown[])[] {
  const { livenessProbe, readinessProbe, startupProbe } = object;
  const lifecycle = record(object.lifecycle);
  const handlers = [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop];
  return [object.command, object.args, ...handlers.map((one) => record(record(one)?.exec)?.command)].filter((words) =>
    Array.isArray(words),
  );
}

/**
 * The seccomp profile that applies to a container, its own or its pod's; `shared` if it is the pod's. Undefined if no
 * type is set.
 */
export function seccompOf(
  container: PodContainer,
): { readonly type: string; readonly on: V1SeccompProfile; readonly shared: boolean } | undefined {
  for (const [shared, context] of [
    [false, container.security],
    [true, record(container.pod.securityContext)],
  ] as const) {
    const profile = record(context?.seccompProfile);
    const type = text(profile?.type);
    if (profile && type !== undefined) return { type, on: profile, shared };
  }
  return undefined;
}

/**
 * What the settings that apply to a container say about root: its user is 0, runAsNonRoot is false without a user,
 * runAsNonRoot is true, its user is not 0, or nothing is set. `unknown` if a setting is not a value that the API
 * accepts (a template).
 */
export function rootSetting(
  container: PodContainer,
): 'root-user' | 'root-allowed' | 'non-root' | 'other-user' | 'nothing' | 'unknown' {
  const contexts: readonly unknown[] = [container.object.securityContext, container.pod.securityContext];
  if (contexts.some((one) => one !== undefined && one !== null && !isRecord(one))) return 'unknown';
  const user: unknown = container.effective('runAsUser').value;
  const nonRoot: unknown = container.effective('runAsNonRoot').value;
  if (user === 0) return 'root-user';
  if (nonRoot === true) return 'non-root';
  if ((user !== undefined && typeof user !== 'number') || (nonRoot !== undefined && nonRoot !== false))
    return 'unknown';
  if (user !== undefined && user > 0) return 'other-user';
  return nonRoot === false ? 'root-allowed' : 'nothing';
}

const rootKeys = new Set(['runAsNonRoot', 'runAsUser', 'hostUsers']);
const holders = new Set(['securityContext', 'containers', 'initContainers', 'spec', 'template']);

/**
 * The patch that may change what `rootSetting` says of a pod's containers: it sets one of the keys somewhere in the
 * pod, or replaces a map that contains them.
 */
export function rootChange(workload: Workload): Change | undefined {
  return workload.changes.find(({ path }) => path.some((step) => rootKeys.has(step)) || holders.has(path.at(-1) ?? ''));
}

/**
 * The replacement or patch that may make a container privileged, if its result is unknown: it sets the key, or replaces
 * a map that contains it.
 */
export const privilegedChange = (workload: Workload): Change | undefined =>
  workload.changes.find(({ path }) => path.at(-1) === 'privileged' || holders.has(path.at(-1) ?? ''));

/**
 * Whether root in a pod is an unprivileged user on the node and every target version supports it (1.35: the Pod
 * Security Standards relax their checks for it).
 */
export const inUserNamespace = (workload: Workload, target: { readonly lowest: number }): boolean =>
  workload.pod.hostUsers === false && target.lowest >= 35;

/** A volume that is a path on the node. */
interface HostPath {
  readonly volume: string;
  /** Without `..`, repeated and trailing slashes. */
  readonly path: string;
  readonly on: V1HostPathVolumeSource;
}

const cleanPath = (written: string): string => posix.normalize(written).replace(/(?<=.)\/$/, '');

/** The hostPath volumes of a pod. */
export function hostPaths(workload: Workload): readonly HostPath[] {
  return list(workload.pod.volumes).flatMap((volume) => {
    const on = record(volume.hostPath);
    const written = text(on?.path);
    if (!on || written === undefined || written === '') return [];
    return [{ volume: text(volume.name) ?? '', path: cleanPath(written), on }];
  });
}

const socketNames = [
  'docker.sock',
  'dockershim.sock',
  'containerd.sock',
  'crio.sock',
  'cri-dockerd.sock',
  'podman.sock',
];
const socketFolders = new Set(['containerd', 'docker', 'crio'].flatMap((name) => [`/run/${name}`, `/var/run/${name}`]));

/** Whether a host path is the socket of a container runtime, or the folder that contains it. */
export const isRuntimeSocket = (path: string): boolean =>
  socketFolders.has(path) || socketNames.some((name) => path.endsWith(name));

/** Whether a host path is a socket, by its type or its name; a read-only mount does not prevent connections to it. */
export const isSocket = ({ path, on }: HostPath): boolean =>
  isRuntimeSocket(path) || on.type === 'Socket' || path.endsWith('.sock') || path === '/dev/log';

/** Host paths that expose the node: the default of host-path-sensitive. `/**` at the end includes everything below. */
export const sensitivePaths: readonly string[] = [
  '/',
  '/boot',
  '/dev',
  '/etc/**',
  '/lib',
  '/lib64',
  '/proc',
  '/sys',
  '/usr',
  '/root',
  '/home/**',
  '/var',
  '/run',
  '/var/run',
  '/var/log',
  '/opt/cni/**',
  '/usr/libexec/kubernetes/**',
  '/var/lib/kubelet/**',
  '/var/lib/containerd/**',
  '/var/lib/docker/**',
  '/root/.aws/**',
  '/root/.kube/**',
  '/root/.ssh/**',
];

/** What agents read from their node: logs and kernel counters. */
const agentPaths = new Set(['/var/log', '/var/lib/docker/containers', '/proc', '/sys']);
/**
 * Where CSI drivers, device plugins and CNI plugins must write on a node (Kubernetes documentation, Device Plugins; CSI
 * node-driver-registrar).
 */
const pluginPaths = [
  '/var/lib/kubelet/plugins/',
  '/var/lib/kubelet/plugins_registry/',
  '/var/lib/kubelet/device-plugins/',
  '/var/lib/kubelet/pod-resources/',
  '/opt/cni/bin/',
  '/etc/cni/net.d/',
];

/** World-readable files below /etc that many pods mount: CA certificates, time zone, names. */
const publicPaths = [
  '/etc/ssl/certs/',
  '/etc/pki/ca-trust/',
  '/etc/pki/tls/certs/',
  '/etc/ca-certificates/',
  '/etc/localtime/',
  '/etc/timezone/',
  '/etc/os-release/',
  '/etc/machine-id/',
  '/etc/resolv.conf/',
  '/etc/hosts/',
  '/etc/hostname/',
  '/etc/passwd/',
  '/etc/group/',
];

/** Whether a path is in one of the folders where node plugins must write. */
export const isPluginPath = (path: string): boolean => pluginPaths.some((folder) => `${path}/`.startsWith(folder));

/** Whether every mount of a volume is read-only. */
export const mountsReadOnly = (workload: Workload, volume: string): boolean =>
  workload.containers.every((container) =>
    list(container.object.volumeMounts).every((mount) => mount.name !== volume || mount.readOnly === true),
  );

/** Whether a Windows pod, or one of its containers, runs on the node itself. */
export const isHostProcess = ({ pod, containers }: Workload): boolean =>
  [pod.securityContext, ...containers.map((container) => container.security)].some(
    (context) => record(record(context)?.windowsOptions)?.hostProcess === true,
  );

/** Whether host-path-sensitive reports a volume; host-path-volume then skips it. */
export function isSensitiveMount(
  workload: Workload,
  { volume, path }: HostPath,
  options: { readonly paths: readonly string[]; readonly allowedNamespaces: readonly string[] },
): boolean {
  if (isRuntimeSocket(path) || options.allowedNamespaces.includes(workload.namespace)) return false;
  const listed = options.paths.some((one) =>
    one.endsWith('/**') ? `${path}/`.startsWith(one.slice(0, -2)) : path === cleanPath(one),
  );
  if (!listed) return false;
  if (publicPaths.some((one) => `${path}/`.startsWith(one))) return !mountsReadOnly(workload, volume);
  if (workload.kind !== 'DaemonSet') return true;
  if (isPluginPath(path)) return false;
  return !agentPaths.has(path) || !mountsReadOnly(workload, volume);
}
