import { defineRule } from '#rule';
import { list, record, text } from '#rule/shape';

/** Safe sysctls by the minor version that knows them as such (Pod Security Standards; 0: all). */
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

/** The kubelet takes a name with slashes too; the first separator tells which of the two it is. */
const dotted = (name: string): string =>
  name.search(/[./]/) >= 0 && name[name.search(/[./]/)] === '/'
    ? name.replace(/[./]/g, (one) => (one === '/' ? '.' : '/'))
    : name;

export default defineRule({
  title: 'Pod should set only safe sysctls',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  scope: 'resource',
  fix: 'suggestion: remove the entry',
  options: {
    allowed: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'Further names that your kubelets allow; `*` at the end matches any rest.',
    },
  },
  messages: {
    unsafe:
      '{workload} sets sysctl {name}, which Kubernetes 1.{target} ({from}) does not call safe, so the kubelet rejects the pod by default',
  },
  help: 'Remove {name}, or allow it in allowedUnsafeSysctls of the kubelet and in the option allowed',
  equivalents: [
    'kube-linter:unsafe-sysctls',
    'trivy:KSV-0026',
    'kubescape:C-0211',
    'monokle:PSS111',
    'kics:Cluster Allows Unsafe Sysctls',
  ],
  sources: ['Kubernetes documentation, Pod Security Standards'],
  check(workload, { options, target, report }) {
    const sysctls = record(workload.pod.securityContext)?.sysctls;
    if (!Array.isArray(sysctls)) return;
    const allowed = options.allowed.map(dotted);
    for (const entry of list(sysctls)) {
      const name = dotted(text(entry.name) ?? '');
      if (name === '' || (safeSince.get(name) ?? Infinity) <= target.lowest) continue;
      if (allowed.some((one) => (one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : name === one))) continue;
      report({
        message: 'unsafe',
        data: { workload: workload.title, name, target: target.lowest, from: target.lowestFrom },
        on: entry,
        key: 'name',
        fix: { safe: false, edits: [{ op: 'remove', on: sysctls, key: sysctls.indexOf(entry) }] },
      });
    }
  },
});
