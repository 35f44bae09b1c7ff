/*
 * The requirements that others set for a cluster, and the rules that check them. A line is a control: its ID there
 * (with the version that introduced it, if that is not the version at the head), its requirement in our words, our
 * rules (including those that do not exist yet), and what they do not see or why there is none. It stays text until it
 * is needed: most runs never do.
 */

/** Frameworks that can be chosen as a preset. */
export const frameworkNames = ['cis-eks', 'nsa', 'mitre', 'pss-baseline', 'pss-restricted'] as const;
export type FrameworkName = (typeof frameworkNames)[number];

/** One requirement of a framework. */
export interface Control {
  readonly id: string;
  /** What it requires, in our words. */
  readonly title: string;
  /** The version of the framework that introduced it. */
  readonly version: string;
  /** IDs of rules, including those that do not exist yet. */
  readonly rules: readonly string[];
  /** What the rules do not see, or why there is none. */
  readonly note: string | undefined;
}

interface Head {
  readonly title: string;
  /** Empty if the list that we follow names none. */
  readonly version: string;
  readonly organization: string;
  readonly source: string;
  /** A framework whose controls also apply. */
  readonly extends?: FrameworkName;
  /** Options by rule that follow the framework to the letter. */
  readonly options?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface Framework extends Head {
  readonly name: FrameworkName;
  readonly controls: readonly Control[];
}

const written: Readonly<Record<FrameworkName, Head & { readonly table: string }>> = {
  'cis-eks': {
    title: 'CIS Amazon EKS Benchmark',
    version: '1.7.0',
    organization: 'Center for Internet Security',
    source: 'https://www.cisecurity.org/benchmark/kubernetes',
    table: `
2.1.1 | Audit log of the control plane is on | cluster/control-plane-logging-audit cluster/control-plane-logging-all
3.1.1 | kubeconfig file mode | | a file on the node, which none of the inputs shows
3.1.2 | kubelet kubeconfig owner | | a file on the node, which none of the inputs shows
3.1.3 | kubelet configuration file mode | | a file on the node, which none of the inputs shows
3.1.4 | kubelet configuration file owner | | a file on the node, which none of the inputs shows
3.2.1 | kubelet rejects anonymous requests | nodes/kubelet-anonymous-auth
3.2.2 | kubelet authorization is not AlwaysAllow | nodes/kubelet-anonymous-auth
3.2.3 | kubelet client CA | nodes/kubelet-hardening-weakened
3.2.4 | kubelet read-only port is off | nodes/kubelet-anonymous-auth
3.2.5 | kubelet streaming idle timeout | nodes/kubelet-hardening-weakened
3.2.6 | kubelet iptables chains | nodes/kubelet-hardening-weakened
3.2.7 | kubelet event rate | nodes/kubelet-hardening-weakened
3.2.8 | kubelet certificate rotation | nodes/kubelet-hardening-weakened
3.2.9 | kubelet server certificate rotation | nodes/kubelet-hardening-weakened
4.1.1 | cluster-admin is bound only where needed | rbac/cluster-admin-binding iam/aws-auth-system-masters iam/access-entry-cluster-admin
4.1.2 | Few subjects can read Secrets | rbac/secrets-access
4.1.3 | No wildcards in roles | rbac/wildcard-everything rbac/wildcard-verb rbac/wildcard-resource rbac/wildcard-api-group
4.1.4 | Few subjects can create pods | rbac/workload-create
4.1.5 | Default service accounts are not used | rbac/default-service-account rbac/default-service-account-automount rbac/default-service-account-bound
4.1.6 | Tokens are mounted only where needed | rbac/token-automounted rbac/default-service-account-automount
4.1.7 | Access entries replace aws-auth | iam/aws-auth-still-used
4.1.8 | Few subjects can bind, impersonate and escalate | rbac/escalate-bind rbac/impersonate
4.2.1 | No privileged containers | pod-security/privileged-container pod-security/namespace-psa-missing pod-security/namespace-psa-privileged
4.2.2 | No host PID | pod-security/host-pid pod-security/namespace-psa-missing pod-security/namespace-psa-privileged
4.2.3 | No host IPC | pod-security/host-ipc pod-security/namespace-psa-missing pod-security/namespace-psa-privileged
4.2.4 | No host network | pod-security/host-network pod-security/namespace-psa-missing pod-security/namespace-psa-privileged
4.2.5 | No privilege escalation | pod-security/privilege-escalation-enabled pod-security/namespace-psa-missing pod-security/privilege-escalation-not-disabled
4.3.1 | The CNI enforces network policies | networking/network-policy-not-enforced
4.3.2 | Each namespace has network policies | networking/default-deny-missing networking/pod-not-isolated
4.4.1 | Secrets as files, not environment | secrets/env-from-secret
4.4.2 | External secret store | secrets/plaintext-secret-manifest
4.5.1 | Namespaces as boundaries | correctness/default-namespace correctness/system-namespace
4.5.2 | Default namespace is unused | correctness/default-namespace
5.1.1 | Image scanning | images/ecr-scan-off
5.1.2 | Few users can access ECR | images/ecr-public-policy | policies of IAM users and roles outside of the cluster are not read
5.1.3 | Cluster access to ECR is read-only | iam/node-role-admin-policy iam/node-role-ecr-write
5.1.4 | Approved registries only | images/registry-not-allowed | says nothing until its option allowed lists the approved registries
5.2.1 | Dedicated service accounts | rbac/default-service-account-bound iam/irsa-on-default-service-account rbac/default-service-account rbac/default-service-account-automount
5.3.1 | Secrets encrypted with a customer key | encryption/secrets-kms
5.4.1 | Control plane endpoint is restricted | cluster/endpoint-public-open
5.4.2 | Private endpoint on, public off | cluster/endpoint-public-enabled cluster/endpoint-private-disabled
5.4.3 | Private nodes | nodes/public-subnet
5.4.4 | Network policy is on | networking/network-policy-not-enforced
5.4.5 | TLS on HTTPS load balancers | load-balancing/alb-plain-http load-balancing/nlb-tls-missing
5.5.1 | IAM manages cluster users | iam/aws-auth-system-masters
4.1.9@1.8.0 | Few subjects can create PersistentVolumes | rbac/persistent-volume-create
4.1.10@1.8.0 | Few subjects can use the node proxy | rbac/nodes-proxy
4.1.11@1.8.0 | Few subjects can change webhook configurations | rbac/webhook-config-write
4.1.12@1.8.0 | Few subjects can create tokens | rbac/token-create
`,
  },
  nsa: {
    title: 'NSA/CISA Kubernetes Hardening Guidance',
    version: '1.2',
    organization: 'NSA and CISA',
    source:
      'https://media.defense.gov/2022/Aug/29/2003066362/-1/-1/0/CTR_KUBERNETES_HARDENING_GUIDANCE_1.2_20220829.PDF; control ids are those of Kubescape, https://hub.armosec.io/docs/controls',
    // "Network separation and hardening": a default policy denies all ingress and egress.
    options: {
      'networking/default-deny-missing': { directions: ['Ingress', 'Egress'] },
      'networking/pod-not-isolated': { directions: ['Ingress', 'Egress'] },
    },
    table: `
C-0002 | Command execution in containers | rbac/pods-exec rbac/wildcard-verb rbac/wildcard-resource
C-0005 | API server insecure port | | a flag of a control plane that you run yourself; EKS does not offer it
C-0012 | Credentials in configuration | secrets/literal-in-env secrets/literal-in-configmap secrets/literal-in-command
C-0013 | Root containers | pod-security/run-as-root-user pod-security/run-as-non-root-missing
C-0016 | Privilege escalation | pod-security/privilege-escalation-enabled pod-security/privilege-escalation-not-disabled
C-0017 | Immutable root filesystem | pod-security/root-filesystem-writable
C-0030 | Ingress and egress closed | networking/pod-not-isolated
C-0034 | Automatic token mount | rbac/token-automounted
C-0035 | Administrator roles | rbac/wildcard-everything rbac/cluster-admin-binding
C-0038 | Host PID and IPC | pod-security/host-pid pod-security/host-ipc
C-0041 | Host network | pod-security/host-network
C-0044 | Host ports | pod-security/host-port
C-0046 | Insecure capabilities | pod-security/capability-dangerous-added pod-security/capability-beyond-baseline
C-0054 | Internal network segmentation | networking/default-deny-missing
C-0055 | Linux hardening | pod-security/seccomp-profile-missing pod-security/seccomp-unconfined pod-security/capabilities-not-dropped pod-security/selinux-custom-options pod-security/apparmor-unconfined
C-0057 | Privileged containers | pod-security/privileged-container
C-0058 | Symlink exchange through subPath | storage/sub-path-mount
C-0059 | Ingress snippet annotations | networking/ingress-snippet-annotation
C-0066 | Secret encryption | encryption/secrets-kms
C-0067 | Audit logs | cluster/control-plane-logging-audit
C-0068 | Pod security policy or its successor | pod-security/namespace-psa-missing rbac/podsecuritypolicy-use
C-0069 | Anonymous kubelet requests | nodes/kubelet-anonymous-auth
C-0070 | Kubelet client authentication | nodes/kubelet-anonymous-auth nodes/kubelet-hardening-weakened
C-0270 | CPU limits | reliability/cpu-limit-missing
C-0271 | Memory limits | reliability/memory-limit-missing
C-0292 | Retired ingress controller | upgrades/ingress-nginx-retired
`,
  },
  mitre: {
    title: 'MITRE ATT&CK for containers and Kubernetes',
    version: '',
    organization: 'MITRE',
    source:
      'https://attack.mitre.org/matrices/enterprise/containers/; control ids are those of Kubescape, https://hub.armosec.io/docs/controls',
    options: { 'pod-security/ssh-server-port': { ports: [22, 2222] } },
    table: `
C-0002 | Command execution in containers | rbac/pods-exec rbac/wildcard-verb rbac/wildcard-resource
C-0007 | Roles that may delete | rbac/workload-delete rbac/wildcard-verb rbac/wildcard-resource
C-0012 | Credentials in configuration | secrets/literal-in-env secrets/literal-in-configmap secrets/literal-in-command
C-0014 | Dashboard access | images/kubernetes-dashboard
C-0015 | Listing Secrets | rbac/secrets-access rbac/wildcard-verb rbac/wildcard-resource
C-0020 | Mounted cloud credentials | pod-security/host-path-sensitive
C-0021 | Exposed admin interfaces | networking/sensitive-service-exposed
C-0026 | CronJobs | | a CronJob is not a defect
C-0031 | Deleting events | rbac/evidence-delete rbac/wildcard-verb rbac/wildcard-resource
C-0035 | Administrator roles | rbac/wildcard-everything rbac/cluster-admin-binding
C-0036 | Validating admission controllers | rbac/webhook-config-write | files do not show if a webhook is malicious, only who may add one
C-0037 | CoreDNS configuration | rbac/configmaps-write rbac/wildcard-verb rbac/wildcard-resource
C-0039 | Mutating admission controllers | rbac/webhook-config-write | files do not show if a webhook is malicious, only who may add one
C-0042 | SSH in containers | pod-security/ssh-server-port
C-0045 | Writable host paths | pod-security/host-path-writable
C-0048 | Host paths | pod-security/host-path-sensitive pod-security/host-path-volume pod-security/runtime-socket-mount storage/host-path-persistent-volume
C-0052 | Instance metadata | nodes/hostnetwork-pod-with-imds nodes/imds-hop-limit nodes/imdsv1-allowed
C-0053 | Service account access from containers | rbac/workload-takeover rbac/token-automounted
C-0054 | Internal network segmentation | networking/default-deny-missing
C-0057 | Privileged containers | pod-security/privileged-container
C-0058 | Symlink exchange through subPath | storage/sub-path-mount
C-0059 | Ingress snippet annotations | networking/ingress-snippet-annotation
C-0066 | Secret encryption | encryption/secrets-kms
C-0067 | Audit logs | cluster/control-plane-logging-audit
C-0068 | Pod security policy or its successor | pod-security/namespace-psa-missing rbac/podsecuritypolicy-use
C-0069 | Anonymous kubelet requests | nodes/kubelet-anonymous-auth
C-0070 | Kubelet client authentication | nodes/kubelet-anonymous-auth nodes/kubelet-hardening-weakened
`,
  },
  'pss-baseline': {
    title: 'Pod Security Standards, baseline',
    version: '1.37',
    organization: 'Kubernetes',
    source:
      'https://kubernetes.io/docs/concepts/security/pod-security-standards/; control ids are those of k8s.io/pod-security-admission',
    options: {
      'pod-security/host-network': { allowedNamespaces: [] },
      'pod-security/privileged-container': { allowedNamespaces: [] },
      'pod-security/host-path-volume': { strictPss: true },
      'pod-security/seccomp-unconfined': { strictPss: true },
    },
    table: `
windowsHostProcess | HostProcess | pod-security/host-process
hostNamespaces | Host namespaces | pod-security/host-network pod-security/host-pid pod-security/host-ipc
privileged | Privileged containers | pod-security/privileged-container
capabilities_baseline | Capabilities | pod-security/capability-dangerous-added pod-security/capability-beyond-baseline
hostPathVolumes | HostPath volumes | pod-security/host-path-volume pod-security/host-path-sensitive pod-security/runtime-socket-mount
hostPorts | Host ports | pod-security/host-port
hostProbesAndHostLifecycle | Host probes and lifecycle hooks | pod-security/probe-host-override | part of the standard from 1.34
appArmorProfile | AppArmor | pod-security/apparmor-unconfined
seLinuxOptions | SELinux | pod-security/selinux-custom-options
procMount | Proc mount | pod-security/proc-mount-unmasked | from 1.35 any value passes in a pod with hostUsers: false
seccompProfile_baseline | Seccomp | pod-security/seccomp-unconfined
sysctls | Sysctls | pod-security/unsafe-sysctl | the list of safe sysctls grows at 1.27, 1.29, 1.32 and 1.37
admission | Enforced on namespaces | pod-security/namespace-psa-missing pod-security/namespace-psa-privileged pod-security/namespace-psa-invalid pod-security/psa-would-reject
`,
  },
  'pss-restricted': {
    title: 'Pod Security Standards, restricted',
    version: '1.37',
    organization: 'Kubernetes',
    source:
      'https://kubernetes.io/docs/concepts/security/pod-security-standards/; control ids are those of k8s.io/pod-security-admission',
    extends: 'pss-baseline',
    options: {
      'pod-security/run-as-non-root-missing': { strictPss: true },
      'pod-security/run-as-root-user': { strictPss: true },
      'pod-security/seccomp-profile-missing': { strictPss: true },
      'pod-security/proc-mount-unmasked': { profile: 'restricted' },
    },
    table: `
restrictedVolumes | Volume types | pod-security/volume-type-not-restricted pod-security/host-path-volume pod-security/host-path-sensitive pod-security/runtime-socket-mount storage/git-repo-volume storage/in-tree-volume storage/in-tree-aws-provisioner
allowPrivilegeEscalation | Privilege escalation | pod-security/privilege-escalation-enabled pod-security/privilege-escalation-not-disabled | Windows pods are exempt from 1.25
runAsNonRoot | Running as non-root | pod-security/run-as-non-root-missing pod-security/run-as-root-user | from 1.35 a pod with hostUsers: false passes
runAsUser | Running as a non-root user | pod-security/run-as-root-user | part of the standard from 1.23; from 1.35 a pod with hostUsers: false passes
seccompProfile_restricted | Seccomp | pod-security/seccomp-profile-missing pod-security/seccomp-unconfined | Windows pods are exempt from 1.25
capabilities_restricted | Capabilities | pod-security/capabilities-not-dropped pod-security/capability-beyond-restricted pod-security/capability-beyond-baseline pod-security/capability-dangerous-added | part of the standard from 1.22; Windows pods are exempt from 1.25
procMount_restricted | Proc mount | pod-security/proc-mount-unmasked | from 1.35, also in a pod with hostUsers: false
admission | Restricted on namespaces | pod-security/namespace-psa-not-restricted pod-security/psa-would-reject
`,
  },
};

/** Whether a string names a framework. */
export const isFramework = (word: string): word is FrameworkName => frameworkNames.some((name) => name === word);

const read = new Map<FrameworkName, Framework>();

/** A framework with its controls. */
export function findFramework(name: FrameworkName): Framework {
  const before = read.get(name);
  if (before) return before;
  const { table, ...head } = written[name];
  const controls = table
    .trim()
    .split('\n')
    .map((line): Control => {
      const [control = '', title = '', rules = '', note] = line.split('|').map((part) => part.trim());
      const [id = '', version = head.version] = control.split('@');
      return { id, title, version, rules: rules.split(' ').filter((rule) => rule !== ''), note };
    });
  const framework = { ...head, name, controls };
  read.set(name, framework);
  return framework;
}

/** The controls of a framework and of the one that it extends. */
export const controlsOf = (framework: Framework): readonly Control[] => [
  ...(framework.extends === undefined ? [] : controlsOf(findFramework(framework.extends))),
  ...framework.controls,
];

/** What a framework turns on as a preset, with the options that it requires. */
export function rulesOf(name: FrameworkName): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
  const framework = findFramework(name);
  const found = new Map(framework.extends === undefined ? [] : rulesOf(framework.extends));
  for (const id of framework.controls.flatMap(({ rules }) => rules)) if (!found.has(id)) found.set(id, {});
  for (const [id, options] of Object.entries(framework.options ?? {})) found.set(id, { ...found.get(id), ...options });
  return found;
}
