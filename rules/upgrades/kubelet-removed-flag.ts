import { defineRule } from '#rule';
import { gateRemovedIn } from '#rule/api';
import { nodesTitle } from '#rule/cluster';

/** Flags by the minor version whose kubelet removed them (Kubernetes changelog, 1.24, 1.27, 1.31 and 1.35). */
const removed: ReadonlyMap<string, number> = new Map([
  ['container-runtime', 27],
  ['keep-terminated-pod-volumes', 31],
  ['pod-infra-container-image', 35],
]);
/** Since this version the kubelet gets the value from the runtime (Kubernetes changelog, 1.34). */
const driverTold = 34;

export default defineRule({
  title: 'Kubelet flags must be supported by the node version',
  severity: 'high',
  preset: 'recommended',
  kinds: ['nodeTemplate'],
  scope: 'model',
  messages: {
    flag: '{group} passes --{flag} to the kubelet, which Kubernetes 1.{minor} removed, so nodes of 1.{target} do not start',
    gate: '{group} sets feature gate {gate}, which Kubernetes 1.{minor} removed, so the kubelet of 1.{target} does not start',
    driver:
      '{group} passes --cgroup-driver to the kubelet, which has been deprecated since 1.34, as the kubelet gets it from the container runtime',
  },
  help: {
    flag: 'Remove --{flag} from the bootstrap arguments',
    gate: 'Remove {gate} from the feature gates; the feature is now always on, or was removed',
    driver: 'Remove --cgroup-driver from the bootstrap arguments',
  },
  equivalents: [],
  sources: [
    'Kubernetes changelog, 1.27, 1.31, 1.34 and 1.35',
    'Amazon EKS User Guide, Release notes for Kubernetes 1.35',
  ],
  check(template, { target: { highest }, report, undetermined }) {
    const { flags, gates } = template.kubelet;
    const group = nodesTitle(template);
    for (const { name, at } of flags) {
      const minor = removed.get(name);
      if (minor !== undefined && minor <= highest)
        report({ message: 'flag', data: { group, flag: name, minor, target: highest }, at });
      if (name === 'cgroup-driver' && highest >= driverTold)
        report({ message: 'driver', data: { group }, at, severity: 'low' });
    }
    for (const gate of gates) {
      const minor = gateRemovedIn(gate.value ?? '');
      if (minor !== undefined && minor <= highest)
        report({ message: 'gate', data: { group, gate: gate.value ?? '', minor, target: highest }, at: gate.at });
    }
    const open = [flags, gates].find(({ complete }) => !complete);
    if (open) undetermined(open.why ?? 'there may be more flags', { at: open.at });
  },
});
