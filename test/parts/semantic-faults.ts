/*
 * Objects with one error each that the schema of the API server does not contain: rows of a base and the fields that
 * are changed in it. An undefined value removes the field. The comments name the subject.
 */

/** Small valid objects, one of each kind. */
export const bases: Readonly<Record<string, unknown>> = {
  Pod: {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web' },
    spec: { containers: [{ name: 'web', image: 'web:1' }] },
  },
  Deployment: {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'web', image: 'web:1' }] },
      },
    },
  },
  StatefulSet: {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db' },
    spec: {
      serviceName: 'db',
      selector: { matchLabels: { app: 'db' } },
      template: { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'db', image: 'db:1' }] } },
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
        },
      ],
    },
  },
  DaemonSet: {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'agent' },
    spec: {
      selector: { matchLabels: { app: 'agent' } },
      template: { metadata: { labels: { app: 'agent' } }, spec: { containers: [{ name: 'agent', image: 'agent:1' }] } },
    },
  },
  Job: {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'task' },
    spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'task', image: 'task:1' }] } } },
  },
  CronJob: {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'task' },
    spec: {
      schedule: '0 4 * * *',
      jobTemplate: {
        spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'task', image: 'task:1' }] } } },
      },
    },
  },
  Service: {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web' },
    spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80 }] },
  },
  Ingress: {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'web' },
    spec: {
      rules: [
        {
          host: 'shop.example.com',
          http: {
            paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } }],
          },
        },
      ],
    },
  },
  NetworkPolicy: {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'web' },
    spec: {
      podSelector: {},
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/16' } }], ports: [{ port: 80, protocol: 'TCP' }] }],
    },
  },
  HorizontalPodAutoscaler: {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'web' },
    spec: {
      minReplicas: 2,
      maxReplicas: 5,
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } },
      ],
    },
  },
  PodDisruptionBudget: {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'web' },
    spec: { maxUnavailable: 1, selector: { matchLabels: { app: 'web' } } },
  },
  Role: {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'web' },
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
  },
  ClusterRole: {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'web' },
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
  },
  RoleBinding: {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'web' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'web' },
    subjects: [{ kind: 'ServiceAccount', name: 'web', namespace: 'default' }],
  },
  StorageClass: {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'fast' },
    provisioner: 'ebs.csi.aws.com',
  },
  PersistentVolumeClaim: {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  },
  PersistentVolume: {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'data' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '1Gi' },
      csi: { driver: 'ebs.csi.aws.com', volumeHandle: 'vol-1' },
    },
  },
  ConfigMap: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' }, data: { key: 'value' } },
  Secret: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'web' }, stringData: { key: 'value' } },
  Namespace: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
  ServiceAccount: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'web' } },
  LimitRange: {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { name: 'web' },
    spec: { limits: [{ type: 'Container', default: { memory: '256Mi' }, defaultRequest: { memory: '128Mi' } }] },
  },
  ResourceQuota: {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'web' },
    spec: { hard: { pods: '10', 'requests.cpu': '4' } },
  },
  PriorityClass: {
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name: 'important' },
    value: 1000,
  },
  IngressClass: {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name: 'alb' },
    spec: { controller: 'ingress.k8s.aws/alb' },
  },
  ValidatingWebhookConfiguration: {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'web' },
    webhooks: [
      {
        name: 'check.example.com',
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        clientConfig: { service: { name: 'web', namespace: 'shop' } },
        rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] }],
      },
    ],
  },
  CustomResourceDefinition: {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'shops.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { kind: 'Shop', plural: 'shops', singular: 'shop' },
      versions: [
        { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', properties: {} } } },
      ],
    },
  },
  APIService: {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: 'v1beta1.metrics.example.com' },
    spec: {
      group: 'metrics.example.com',
      version: 'v1beta1',
      groupPriorityMinimum: 100,
      versionPriority: 100,
      service: { name: 'metrics', namespace: 'ops' },
    },
  },
};

type Change = Readonly<Record<string, unknown>>;
const c = 'spec.containers[0].';
const t = 'spec.template.spec.';
const job = 'spec.jobTemplate.spec.';
const w = 'webhooks[0].';
const term = (fields: object) => ({ nodeSelectorTerms: [fields] });
const spread = (fields: object) => [
  { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: {}, ...fields },
];
const volume = (source: object) => ({ 'spec.volumes': [{ name: 'v', ...source }] });
const windows = { 'spec.os': { name: 'windows' } };
const metric = (fields: object) => ({ 'spec.metrics': [fields] });

export const faults: readonly (readonly [base: string, change: Change])[] = [
  // Names and metadata
  ['Pod', { 'metadata.name': 'Web' }],
  ['Pod', { 'metadata.name': 'a'.repeat(254) }],
  ['Pod', { 'metadata.name': '-web' }],
  ['Service', { 'metadata.name': '1web' }],
  ['Service', { 'metadata.name': 'web.shop' }],
  ['Service', { 'metadata.name': 'a'.repeat(64) }],
  ['Namespace', { 'metadata.name': 'shop.eu' }],
  ['CronJob', { 'metadata.name': 'a'.repeat(53) }],
  ['Job', { 'metadata.name': 'a'.repeat(64) }],
  ['StatefulSet', { 'metadata.name': 'a'.repeat(64) }],
  ['Role', { 'metadata.name': 'a/b' }],
  ['Role', { 'metadata.name': '..' }],
  ['ConfigMap', { 'metadata.name': 'web_config' }],
  ['Pod', { 'metadata.generateName': 'Web-', 'metadata.name': undefined }],
  ['Pod', { 'metadata.labels': { app: 'two words' } }],
  ['Pod', { 'metadata.labels': { 'a/b/c': 'x' } }],
  ['Pod', { 'metadata.labels': { app: 'a'.repeat(64) } }],
  ['Pod', { 'metadata.labels': { 'Example.com/app': 'x' } }],
  ['Pod', { 'metadata.labels': { app: '-x' } }],
  ['Pod', { 'metadata.annotations': { 'two words': 'x' } }],
  ['Pod', { 'metadata.annotations': { '/x': 'x' } }],
  ['Pod', { 'metadata.finalizers': ['noslash'] }],
  ['Pod', { 'metadata.finalizers': ['a b/c'] }],
  ['Pod', { 'metadata.ownerReferences': [{ apiVersion: 'v1', kind: 'Pod', name: '', uid: 'x' }] }],
  [
    'Pod',
    {
      'metadata.ownerReferences': [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'a', uid: 'x', controller: true },
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'b', uid: 'y', controller: true },
      ],
    },
  ],
  ['Pod', { 'metadata.namespace': 'Shop' }],
  ['ConfigMap', { data: { 'a b': 'x' } }],
  ['ConfigMap', { data: { '..': 'x' } }],
  ['ConfigMap', { data: { key: 'x' }, binaryData: { key: 'eA==' } }],
  ['Secret', { stringData: { 'a/b': 'x' } }],
  ['Secret', { data: { key: 'no base64!' } }],
  ['Secret', { type: 'kubernetes.io/tls' }],
  ['Secret', { type: 'kubernetes.io/dockerconfigjson' }],
  ['Secret', { type: 'kubernetes.io/basic-auth' }],
  ['Secret', { type: 'kubernetes.io/ssh-auth' }],
  ['Secret', { type: 'kubernetes.io/service-account-token' }],
  ['Secret', { type: 'kubernetes.io/dockercfg' }],
  // Containers
  ['Pod', { 'spec.containers': [] }],
  ['Pod', { [`${c}name`]: 'Web' }],
  ['Pod', { [`${c}name`]: 'web.shop' }],
  ['Pod', { [`${c}name`]: 'a'.repeat(64) }],
  ['Pod', { [`${c}image`]: '' }],
  ['Pod', { [`${c}image`]: ' web:1' }],
  ['Pod', { [`${c}imagePullPolicy`]: 'ifNotPresent' }],
  ['Pod', { [`${c}terminationMessagePolicy`]: 'x' }],
  ['Pod', { [`${c}restartPolicy`]: 'Sometimes' }],
  ['Pod', { 'spec.initContainers': [{ name: 'web', image: 'x:1' }] }],
  ['Pod', { 'spec.initContainers': [{ name: 'i', image: 'x:1', restartPolicy: 'OnFailur' }] }],
  ['Pod', { 'spec.initContainers': [{ name: 'i', image: 'x:1', readinessProbe: { exec: { command: ['x'] } } }] }],
  [
    'Pod',
    { 'spec.initContainers': [{ name: 'i', image: 'x:1', lifecycle: { preStop: { exec: { command: ['x'] } } } }] },
  ],
  ['Pod', { 'spec.ephemeralContainers': [{ name: 'debug', image: 'x:1' }] }],
  ['Pod', { [`${c}resizePolicy`]: [{ resourceName: 'disk', restartPolicy: 'NotRequired' }] }],
  [
    'Pod',
    {
      [`${c}resizePolicy`]: [
        { resourceName: 'cpu', restartPolicy: 'NotRequired' },
        { resourceName: 'cpu', restartPolicy: 'NotRequired' },
      ],
    },
  ],
  // Ports
  ['Pod', { [`${c}ports`]: [{ containerPort: 0 }] }],
  ['Pod', { [`${c}ports`]: [{ containerPort: 65536 }] }],
  ['Pod', { [`${c}ports`]: [{ containerPort: 80, hostPort: 70000 }] }],
  ['Pod', { [`${c}ports`]: [{ containerPort: 80, protocol: 'tcp' }] }],
  ['Pod', { [`${c}ports`]: [{ containerPort: 80, name: 'a-name-that-is-too-long' }] }],
  ['Pod', { [`${c}ports`]: [{ containerPort: 80, name: '8080' }] }],
  ['Pod', { [`${c}ports`]: [{ containerPort: 80, name: 'a--b' }] }],
  ['Pod', { [`${c}ports`]: [{ containerPort: 80, name: 'HTTP' }] }],
  [
    'Pod',
    {
      [`${c}ports`]: [
        { containerPort: 80, name: 'x' },
        { containerPort: 81, name: 'x' },
      ],
    },
  ],
  [
    'Pod',
    {
      [`${c}ports`]: [
        { containerPort: 80, hostPort: 80 },
        { containerPort: 81, hostPort: 80 },
      ],
    },
  ],
  ['Pod', { 'spec.hostNetwork': true, [`${c}ports`]: [{ containerPort: 80, hostPort: 81 }] }],
  // Env
  ['Pod', { [`${c}env`]: [{ name: '' }] }],
  ['Pod', { [`${c}env`]: [{ name: 'A=B', value: 'x' }] }],
  ['Pod', { [`${c}env`]: [{ name: 'A', value: 'x', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] }],
  ['Pod', { [`${c}env`]: [{ name: 'A', valueFrom: {} }] }],
  ['Pod', { [`${c}env`]: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'spec.image' } } }] }],
  ['Pod', { [`${c}env`]: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.labels' } } }] }],
  ['Pod', { [`${c}env`]: [{ name: 'A', valueFrom: { fieldRef: { apiVersion: 'v2', fieldPath: 'metadata.name' } } }] }],
  ['Pod', { [`${c}env`]: [{ name: 'A', valueFrom: { resourceFieldRef: { resource: 'limits.disk' } } }] }],
  ['Pod', { [`${c}env`]: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'web', key: '' } } }] }],
  ['Pod', { [`${c}env`]: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'web', key: 'a b' } } }] }],
  ['Pod', { [`${c}env`]: [{ name: 'A', valueFrom: { configMapKeyRef: { key: 'a' } } }] }],
  ['Pod', { [`${c}envFrom`]: [{}] }],
  ['Pod', { [`${c}envFrom`]: [{ configMapRef: { name: 'a' }, secretRef: { name: 'b' } }] }],
  ['Pod', { [`${c}envFrom`]: [{ prefix: 'a=', configMapRef: { name: 'a' } }] }],
  ['Pod', { [`${c}envFrom`]: [{ configMapRef: {} }] }],
  ['Pod', { [`${c}envFrom`]: [{ configMapRef: { name: 'A_B' } }] }],
  // Resources
  ['Pod', { [`${c}resources`]: { requests: { cpu: '2' }, limits: { cpu: '1' } } }],
  ['Pod', { [`${c}resources`]: { requests: { cpu: '-1' } } }],
  ['Pod', { [`${c}resources`]: { requests: { memory: '1GB' } } }],
  ['Pod', { [`${c}resources`]: { requests: { cpu: '1.0001' } } }],
  ['Pod', { [`${c}resources`]: { requests: { disk: '1' } } }],
  ['Pod', { [`${c}resources`]: { requests: { 'nvidia.com/gpu': '1' } } }],
  ['Pod', { [`${c}resources`]: { requests: { 'nvidia.com/gpu': '1' }, limits: { 'nvidia.com/gpu': '2' } } }],
  ['Pod', { [`${c}resources`]: { limits: { 'nvidia.com/gpu': '500m' } } }],
  ['Pod', { [`${c}resources`]: { limits: { 'hugepages-2Mi': '4Mi' }, requests: { 'hugepages-2Mi': '2Mi' } } }],
  ['Pod', { [`${c}resources`]: { limits: { 'hugepages-2Mi': '4Mi' } } }],
  ['Pod', { [`${c}resources`]: { claims: [{ name: 'gpu' }] } }],
  ['Pod', { 'spec.resources': { requests: { cpu: '2' }, limits: { cpu: '1' } } }],
  ['Pod', { 'spec.resources': { requests: { 'nvidia.com/gpu': '1' } } }],
  ['Pod', { 'spec.resources': { limits: { memory: '1Gi' } }, [`${c}resources`]: { limits: { memory: '2Gi' } } }],
  ['Pod', { 'spec.resources': { requests: { cpu: '1' } }, [`${c}resources`]: { requests: { cpu: '2' } } }],
  ['Pod', { 'spec.overhead': { cpu: '-1' } }],
  // Probes and hooks
  ['Pod', { [`${c}livenessProbe`]: {} }],
  ['Pod', { [`${c}livenessProbe`]: { exec: { command: ['x'] }, tcpSocket: { port: 80 } } }],
  ['Pod', { [`${c}livenessProbe`]: { exec: { command: [] } } }],
  ['Pod', { [`${c}livenessProbe`]: { httpGet: { port: 0 } } }],
  ['Pod', { [`${c}livenessProbe`]: { httpGet: { port: 80, scheme: 'https' } } }],
  ['Pod', { [`${c}livenessProbe`]: { httpGet: { port: 80, httpHeaders: [{ name: 'a b', value: 'x' }] } } }],
  ['Pod', { [`${c}livenessProbe`]: { httpGet: { port: 'Web Port' } } }],
  ['Pod', { [`${c}livenessProbe`]: { tcpSocket: { port: 70000 } } }],
  ['Pod', { [`${c}livenessProbe`]: { grpc: { port: 0 } } }],
  ['Pod', { [`${c}livenessProbe`]: { tcpSocket: { port: 80 }, successThreshold: 2 } }],
  ['Pod', { [`${c}startupProbe`]: { tcpSocket: { port: 80 }, successThreshold: 2 } }],
  ['Pod', { [`${c}readinessProbe`]: { tcpSocket: { port: 80 }, successThreshold: -1 } }],
  ['Pod', { [`${c}readinessProbe`]: { tcpSocket: { port: 80 }, terminationGracePeriodSeconds: 5 } }],
  ['Pod', { [`${c}livenessProbe`]: { tcpSocket: { port: 80 }, terminationGracePeriodSeconds: 0 } }],
  ['Pod', { [`${c}livenessProbe`]: { tcpSocket: { port: 80 }, periodSeconds: -1 } }],
  ['Pod', { [`${c}lifecycle`]: { preStop: {} } }],
  ['Pod', { [`${c}lifecycle`]: { preStop: { sleep: { seconds: 60 } } } }],
  ['Pod', { [`${c}lifecycle`]: { preStop: { exec: { command: ['x'] }, sleep: { seconds: 1 } } } }],
  ['Pod', { [`${c}lifecycle`]: { stopSignal: 'SIGTERM' } }],
  // Security contexts
  ['Pod', { [`${c}securityContext`]: { privileged: true, allowPrivilegeEscalation: false } }],
  ['Pod', { [`${c}securityContext`]: { allowPrivilegeEscalation: false, capabilities: { add: ['SYS_ADMIN'] } } }],
  ['Pod', { [`${c}securityContext`]: { allowPrivilegeEscalation: false, capabilities: { add: ['CAP_SYS_ADMIN'] } } }],
  ['Pod', { [`${c}securityContext`]: { procMount: 'unmasked' } }],
  ['Pod', { [`${c}securityContext`]: { procMount: 'Unmasked' } }],
  ['Pod', { [`${c}securityContext`]: { runAsUser: -1 } }],
  ['Pod', { [`${c}securityContext`]: { seccompProfile: { type: 'Localhost' } } }],
  ['Pod', { [`${c}securityContext`]: { seccompProfile: { type: 'RuntimeDefault', localhostProfile: 'x.json' } } }],
  ['Pod', { [`${c}securityContext`]: { seccompProfile: { type: 'Localhost', localhostProfile: '../x.json' } } }],
  ['Pod', { [`${c}securityContext`]: { seccompProfile: { type: 'Default' } } }],
  ['Pod', { [`${c}securityContext`]: { appArmorProfile: { type: 'Localhost' } } }],
  ['Pod', { [`${c}securityContext`]: { appArmorProfile: { type: 'Localhost', localhostProfile: ' x' } } }],
  ['Pod', { 'spec.securityContext': { seccompProfile: { type: 'Localhost' } } }],
  ['Pod', { 'spec.securityContext': { sysctls: [{ name: 'Kernel.x', value: '1' }] } }],
  ['Pod', { 'spec.securityContext': { sysctls: [{ name: '', value: '1' }] } }],
  [
    'Pod',
    {
      'spec.securityContext': {
        sysctls: [
          { name: 'kernel.shm_rmid_forced', value: '1' },
          { name: 'kernel.shm_rmid_forced', value: '0' },
        ],
      },
    },
  ],
  [
    'Pod',
    { 'spec.hostNetwork': true, 'spec.securityContext': { sysctls: [{ name: 'net.core.somaxconn', value: '1' }] } },
  ],
  ['Pod', { 'spec.hostIPC': true, 'spec.securityContext': { sysctls: [{ name: 'kernel.shmmax', value: '1' }] } }],
  ['Pod', { 'spec.securityContext': { fsGroupChangePolicy: 'always' } }],
  ['Pod', { 'spec.securityContext': { supplementalGroupsPolicy: 'x' } }],
  ['Pod', { 'spec.securityContext': { supplementalGroups: [-1] } }],
  ['Pod', { 'spec.hostPID': true, 'spec.shareProcessNamespace': true }],
  ['Pod', { 'spec.hostUsers': false, 'spec.hostNetwork': true }],
  ['Pod', { 'spec.hostUsers': false, 'spec.hostPID': true }],
  ['Pod', { 'spec.hostUsers': false, [`${c}volumeDevices`]: [{ name: 'v', devicePath: '/dev/x' }] }],
  ['Pod', { ...windows, 'spec.hostPID': true }],
  ['Pod', { ...windows, 'spec.securityContext': { runAsUser: 1000 } }],
  ['Pod', { ...windows, [`${c}securityContext`]: { privileged: true } }],
  ['Pod', { ...windows, [`${c}securityContext`]: { capabilities: { drop: ['ALL'] } } }],
  ['Pod', { 'spec.os': { name: 'linux' }, [`${c}securityContext`]: { windowsOptions: { runAsUserName: 'x' } } }],
  ['Pod', { 'spec.os': { name: 'darwin' } }],
  ['Pod', { ...windows, 'spec.securityContext': { windowsOptions: { hostProcess: true } } }],
  ['Pod', { 'spec.securityContext': { windowsOptions: { gmsaCredentialSpecName: 'A_B' } } }],
  [
    'Pod',
    {
      ...windows,
      'spec.hostNetwork': true,
      'spec.securityContext': { windowsOptions: { hostProcess: true } },
      [`${c}securityContext`]: { windowsOptions: { hostProcess: false } },
    },
  ],
  // Pods
  ['Pod', { 'spec.restartPolicy': 'always' }],
  ['Pod', { 'spec.dnsPolicy': 'None' }],
  ['Pod', { 'spec.dnsPolicy': 'clusterFirst' }],
  ['Pod', { 'spec.dnsPolicy': 'None', 'spec.dnsConfig': { searches: ['a'] } }],
  ['Pod', { 'spec.dnsConfig': { nameservers: ['1.1.1.1', '1.1.1.2', '1.1.1.3', '1.1.1.4'] } }],
  ['Pod', { 'spec.dnsConfig': { nameservers: ['dns.example.com'] } }],
  ['Pod', { 'spec.dnsConfig': { searches: ['Two Words'] } }],
  ['Pod', { 'spec.dnsConfig': { searches: Array.from({ length: 33 }, (_, i) => `a${i}.example.com`) } }],
  ['Pod', { 'spec.dnsConfig': { options: [{ value: '2' }] } }],
  ['Pod', { 'spec.hostname': 'Web' }],
  ['Pod', { 'spec.subdomain': 'a.b' }],
  ['Pod', { 'spec.hostAliases': [{ ip: '10.0.0.300', hostnames: ['a'] }] }],
  ['Pod', { 'spec.hostAliases': [{ ip: '10.0.0.3', hostnames: ['A_B'] }] }],
  ['Pod', { 'spec.nodeSelector': { 'a b': 'x' } }],
  ['Pod', { 'spec.nodeSelector': { a: 'x y' } }],
  ['Pod', { 'spec.nodeName': 'Node_1' }],
  ['Pod', { 'spec.serviceAccountName': 'Web' }],
  ['Pod', { 'spec.imagePullSecrets': [{ name: 'A_B' }] }],
  ['Pod', { 'spec.preemptionPolicy': 'never' }],
  ['Pod', { 'spec.terminationGracePeriodSeconds': -1 }],
  ['Pod', { 'spec.activeDeadlineSeconds': 0 }],
  ['Pod', { 'spec.activeDeadlineSeconds': 4294967296 }],
  ['Pod', { 'spec.readinessGates': [{ conditionType: 'two words' }] }],
  ['Pod', { 'spec.schedulingGates': [{ name: 'a b' }] }],
  ['Pod', { 'spec.schedulingGates': [{ name: 'a' }, { name: 'a' }] }],
  ['Pod', { 'spec.schedulingGates': [{ name: 'a' }], 'spec.nodeName': 'n' }],
  ['Pod', { 'spec.resourceClaims': [{ name: 'gpu' }] }],
  ['Pod', { 'spec.resourceClaims': [{ name: 'gpu', resourceClaimName: 'a', resourceClaimTemplateName: 'b' }] }],
  ['Pod', { 'spec.tolerations': [{ operator: 'Equal', value: 'x' }] }],
  ['Pod', { 'spec.tolerations': [{ key: 'a', operator: 'Exists', value: 'x' }] }],
  ['Pod', { 'spec.tolerations': [{ key: 'a', operator: 'In', value: 'x' }] }],
  ['Pod', { 'spec.tolerations': [{ key: 'a b', operator: 'Exists' }] }],
  ['Pod', { 'spec.tolerations': [{ key: 'a', operator: 'Exists', effect: 'NoSchedule', tolerationSeconds: 5 }] }],
  ['Pod', { 'spec.tolerations': [{ key: 'a', operator: 'Exists', effect: 'NoExec' }] }],
  ['Pod', { 'spec.tolerations': [{ key: 'a', operator: 'Equal', value: 'x y' }] }],
  ['Pod', { 'spec.topologySpreadConstraints': spread({ maxSkew: 0 }) }],
  ['Pod', { 'spec.topologySpreadConstraints': spread({ topologyKey: '' }) }],
  ['Pod', { 'spec.topologySpreadConstraints': spread({ topologyKey: 'a b' }) }],
  ['Pod', { 'spec.topologySpreadConstraints': spread({ whenUnsatisfiable: 'Never' }) }],
  ['Pod', { 'spec.topologySpreadConstraints': spread({ whenUnsatisfiable: 'ScheduleAnyway', minDomains: 2 }) }],
  ['Pod', { 'spec.topologySpreadConstraints': [...spread({}), ...spread({})] }],
  ['Pod', { 'spec.topologySpreadConstraints': spread({ matchLabelKeys: ['a b'] }) }],
  [
    'Pod',
    {
      'spec.topologySpreadConstraints': spread({
        matchLabelKeys: ['app'],
        labelSelector: { matchLabels: { app: 'x' } },
      }),
    },
  ],
  ['Pod', { 'spec.topologySpreadConstraints': spread({ labelSelector: undefined, matchLabelKeys: ['app'] }) }],
  ['Pod', { 'spec.topologySpreadConstraints': spread({ nodeAffinityPolicy: 'x' }) }],
  [
    'Pod',
    {
      'spec.affinity': { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } },
    },
  ],
  [
    'Pod',
    {
      'spec.affinity': {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: term({ matchExpressions: [{ key: 'a', operator: 'In' }] }),
        },
      },
    },
  ],
  [
    'Pod',
    {
      'spec.affinity': {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: term({
            matchExpressions: [{ key: 'a', operator: 'Exists', values: ['x'] }],
          }),
        },
      },
    },
  ],
  [
    'Pod',
    {
      'spec.affinity': {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: term({
            matchExpressions: [{ key: 'a', operator: 'Gt', values: ['x', 'y'] }],
          }),
        },
      },
    },
  ],
  [
    'Pod',
    {
      'spec.affinity': {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: term({
            matchExpressions: [{ key: 'a', operator: 'Equals', values: ['x'] }],
          }),
        },
      },
    },
  ],
  [
    'Pod',
    {
      'spec.affinity': {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: term({
            matchFields: [{ key: 'metadata.labels', operator: 'In', values: ['x'] }],
          }),
        },
      },
    },
  ],
  [
    'Pod',
    {
      'spec.affinity': {
        nodeAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 0, preference: { matchExpressions: [] } }],
        },
      },
    },
  ],
  [
    'Pod',
    {
      'spec.affinity': { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: {} }] } },
    },
  ],
  [
    'Pod',
    {
      'spec.affinity': {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: {}, topologyKey: '' }],
        },
      },
    },
  ],
  [
    'Pod',
    {
      'spec.affinity': {
        podAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { topologyKey: 'zone', labelSelector: { matchExpressions: [{ key: 'a', operator: 'In' }] } },
          ],
        },
      },
    },
  ],
  [
    'Pod',
    {
      'spec.affinity': {
        podAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { topologyKey: 'zone', labelSelector: {}, namespaces: ['A_B'] },
          ],
        },
      },
    },
  ],
  [
    'Pod',
    {
      'spec.affinity': {
        podAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            { weight: 101, podAffinityTerm: { topologyKey: 'zone', labelSelector: {} } },
          ],
        },
      },
    },
  ],
  // Volumes
  ['Pod', volume({ emptyDir: {}, secret: { secretName: 'a' } })],
  ['Pod', { 'spec.volumes': [{ name: 'V', emptyDir: {} }] }],
  [
    'Pod',
    {
      'spec.volumes': [
        { name: 'v', emptyDir: {} },
        { name: 'v', emptyDir: {} },
      ],
    },
  ],
  ['Pod', { [`${c}volumeMounts`]: [{ name: 'v', mountPath: '/v' }] }],
  ['Pod', { ...volume({ emptyDir: {} }), [`${c}volumeMounts`]: [{ name: 'v', mountPath: '' }] }],
  [
    'Pod',
    {
      ...volume({ emptyDir: {} }),
      [`${c}volumeMounts`]: [
        { name: 'v', mountPath: '/v' },
        { name: 'v', mountPath: '/v' },
      ],
    },
  ],
  ['Pod', { ...volume({ emptyDir: {} }), [`${c}volumeMounts`]: [{ name: 'v', mountPath: '/v', subPath: '../x' }] }],
  ['Pod', { ...volume({ emptyDir: {} }), [`${c}volumeMounts`]: [{ name: 'v', mountPath: '/v', subPath: '/x' }] }],
  [
    'Pod',
    {
      ...volume({ emptyDir: {} }),
      [`${c}volumeMounts`]: [{ name: 'v', mountPath: '/v', subPath: 'x', subPathExpr: '$(A)' }],
    },
  ],
  [
    'Pod',
    {
      ...volume({ emptyDir: {} }),
      [`${c}volumeMounts`]: [{ name: 'v', mountPath: '/v', mountPropagation: 'Bidirectional' }],
    },
  ],
  [
    'Pod',
    { ...volume({ emptyDir: {} }), [`${c}volumeMounts`]: [{ name: 'v', mountPath: '/v', mountPropagation: 'Both' }] },
  ],
  [
    'Pod',
    {
      ...volume({ emptyDir: {} }),
      [`${c}volumeMounts`]: [{ name: 'v', mountPath: '/v', recursiveReadOnly: 'Enabled' }],
    },
  ],
  ['Pod', { ...volume({ emptyDir: {} }), [`${c}volumeDevices`]: [{ name: 'v', devicePath: '/dev/x' }] }],
  [
    'Pod',
    {
      ...volume({ persistentVolumeClaim: { claimName: 'a' } }),
      [`${c}volumeMounts`]: [{ name: 'v', mountPath: '/v' }],
      [`${c}volumeDevices`]: [{ name: 'v', devicePath: '/dev/x' }],
    },
  ],
  ['Pod', volume({ persistentVolumeClaim: { claimName: '' } })],
  ['Pod', volume({ persistentVolumeClaim: { claimName: 'A_B' } })],
  ['Pod', volume({ emptyDir: { sizeLimit: '-1' } })],
  ['Pod', volume({ emptyDir: { medium: 'HugePages' } })],
  ['Pod', volume({ emptyDir: { medium: 'Disk' } })],
  ['Pod', volume({ hostPath: { path: '' } })],
  ['Pod', volume({ hostPath: { path: '/a/../b' } })],
  ['Pod', volume({ hostPath: { path: '/a', type: 'Folder' } })],
  ['Pod', volume({ secret: {} })],
  ['Pod', volume({ secret: { secretName: 'a', defaultMode: 1000 } })],
  ['Pod', volume({ configMap: {} })],
  ['Pod', volume({ configMap: { name: 'a', items: [{ key: '', path: 'a' }] } })],
  ['Pod', volume({ configMap: { name: 'a', items: [{ key: 'a', path: '/a' }] } })],
  ['Pod', volume({ configMap: { name: 'a', items: [{ key: 'a', path: 'a', mode: 513 }] } })],
  ['Pod', volume({ downwardAPI: { items: [{ path: 'a' }] } })],
  ['Pod', volume({ downwardAPI: { items: [{ path: 'a', fieldRef: { fieldPath: 'spec.nodeName' } }] } })],
  ['Pod', volume({ downwardAPI: { items: [{ path: 'a', resourceFieldRef: { resource: 'limits.cpu' } }] } })],
  ['Pod', volume({ projected: { sources: [{}] } })],
  [
    'Pod',
    volume({
      projected: {
        sources: [
          { secret: { name: 'a', items: [{ key: 'a', path: 'x' }] } },
          { configMap: { name: 'a', items: [{ key: 'a', path: 'x' }] } },
        ],
      },
    }),
  ],
  ['Pod', volume({ projected: { sources: [{ serviceAccountToken: { path: 'token', expirationSeconds: 60 } }] } })],
  ['Pod', volume({ projected: { sources: [{ serviceAccountToken: { path: '' } }] } })],
  ['Pod', volume({ projected: { sources: [{ clusterTrustBundle: { path: 'a' } }] } })],
  ['Pod', volume({ csi: { driver: '' } })],
  ['Pod', volume({ csi: { driver: 'A B' } })],
  ['Pod', volume({ nfs: { server: 'a', path: 'x' } })],
  ['Pod', volume({ ephemeral: {} })],
  ['Pod', volume({ ephemeral: { volumeClaimTemplate: { spec: { accessModes: ['ReadWriteOnce'] } } } })],
  ['Pod', volume({ image: { reference: '' } })],
  ['Pod', volume({ image: { reference: 'a:1', pullPolicy: 'Sometimes' } })],
  [
    'Pod',
    {
      ...volume({ image: { reference: 'a:1' } }),
      [`${c}volumeMounts`]: [{ name: 'v', mountPath: '/v', subPath: '../a' }],
    },
  ],
  // Deployments and similar kinds
  ['Deployment', { 'spec.selector': {} }],
  ['Deployment', { 'spec.selector.matchLabels': { app: 'x' } }],
  ['Deployment', { 'spec.selector': { matchExpressions: [{ key: 'app', operator: 'In' }] } }],
  ['Deployment', { 'spec.selector.matchExpressions': [{ key: 'a', operator: 'Gt', values: ['1'] }] }],
  ['Deployment', { 'spec.replicas': -1 }],
  ['Deployment', { 'spec.strategy': { type: 'Recreate', rollingUpdate: { maxSurge: 1 } } }],
  ['Deployment', { 'spec.strategy': { type: 'Rolling' } }],
  ['Deployment', { 'spec.strategy': { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } }],
  ['Deployment', { 'spec.strategy': { rollingUpdate: { maxSurge: '0%', maxUnavailable: '0%' } } }],
  ['Deployment', { 'spec.strategy': { rollingUpdate: { maxSurge: '25' } } }],
  ['Deployment', { 'spec.strategy': { rollingUpdate: { maxUnavailable: '150%' } } }],
  ['Deployment', { 'spec.strategy': { rollingUpdate: { maxSurge: -1 } } }],
  ['Deployment', { 'spec.progressDeadlineSeconds': 5, 'spec.minReadySeconds': 10 }],
  ['Deployment', { 'spec.revisionHistoryLimit': -1 }],
  ['Deployment', { [`${t}restartPolicy`]: 'Never' }],
  ['Deployment', { [`${t}activeDeadlineSeconds`]: 60 }],
  ['StatefulSet', { 'spec.podManagementPolicy': 'parallel' }],
  ['StatefulSet', { 'spec.updateStrategy': { type: 'OnDelete', rollingUpdate: { partition: 1 } } }],
  ['StatefulSet', { 'spec.updateStrategy': { rollingUpdate: { partition: -1 } } }],
  ['StatefulSet', { 'spec.updateStrategy': { type: 'Recreate' } }],
  ['StatefulSet', { 'spec.serviceName': 'A_B' }],
  ['StatefulSet', { 'spec.ordinals': { start: -1 } }],
  ['StatefulSet', { 'spec.persistentVolumeClaimRetentionPolicy': { whenDeleted: 'Keep', whenScaled: 'Retain' } }],
  ['StatefulSet', { 'spec.template.spec.restartPolicy': 'OnFailure' }],
  ['StatefulSet', { 'spec.minReadySeconds': -1 }],
  ['DaemonSet', { 'spec.updateStrategy': { rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } } }],
  ['DaemonSet', { 'spec.updateStrategy': { rollingUpdate: { maxUnavailable: 0 } } }],
  ['DaemonSet', { 'spec.updateStrategy': { rollingUpdate: { maxUnavailable: '0%' } } }],
  ['DaemonSet', { 'spec.updateStrategy': { type: 'Rolling' } }],
  [
    'DaemonSet',
    {
      'spec.updateStrategy': { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      'spec.template.spec.containers': [{ name: 'a', image: 'a:1', ports: [{ containerPort: 80, hostPort: 80 }] }],
    },
  ],
  ['DaemonSet', { [`${t}restartPolicy`]: 'OnFailure' }],
  // Jobs
  ['Job', { [`${t}restartPolicy`]: 'Always' }],
  ['Job', { [`${t}restartPolicy`]: undefined }],
  ['Job', { 'spec.completions': -1 }],
  ['Job', { 'spec.backoffLimit': -1 }],
  ['Job', { 'spec.ttlSecondsAfterFinished': -1 }],
  ['Job', { 'spec.selector': { matchLabels: { app: 'x' } } }],
  ['Job', { 'spec.manualSelector': true }],
  ['Job', { 'spec.completionMode': 'indexed' }],
  ['Job', { 'spec.completionMode': 'Indexed', 'spec.parallelism': 2 }],
  ['Job', { 'spec.completionMode': 'Indexed', 'spec.completions': 3, 'spec.parallelism': 200000 }],
  ['Job', { 'spec.completionMode': 'Indexed', 'spec.completions': 200000, 'spec.parallelism': 20000 }],
  ['Job', { 'spec.backoffLimitPerIndex': 1 }],
  ['Job', { 'spec.maxFailedIndexes': 1 }],
  ['Job', { 'spec.completionMode': 'Indexed', 'spec.completions': 3, 'spec.maxFailedIndexes': 1 }],
  ['Job', { 'spec.podFailurePolicy': { rules: [{ action: 'FailJob' }] } }],
  [
    'Job',
    {
      'spec.podFailurePolicy': { rules: [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [0] } }] },
    },
  ],
  [
    'Job',
    {
      'spec.podFailurePolicy': {
        rules: [{ action: 'FailJob', onExitCodes: { containerName: 'x', operator: 'In', values: [1] } }],
      },
    },
  ],
  [
    'Job',
    {
      'spec.podFailurePolicy': { rules: [{ action: 'FailIndex', onExitCodes: { operator: 'In', values: [1] } }] },
    },
  ],
  [
    'Job',
    {
      [`${t}restartPolicy`]: 'OnFailure',
      'spec.podFailurePolicy': { rules: [{ action: 'Ignore', onExitCodes: { operator: 'In', values: [1] } }] },
    },
  ],
  ['Job', { 'spec.podReplacementPolicy': 'Never' }],
  ['Job', { 'spec.successPolicy': { rules: [{ succeededCount: 1 }] } }],
  ['Job', { 'spec.managedBy': 'a b' }],
  ['Job', { 'spec.activeDeadlineSeconds': -1 }],
  ['CronJob', { 'spec.schedule': '0 25 * * *' }],
  ['CronJob', { 'spec.schedule': '0 4 * *' }],
  ['CronJob', { 'spec.schedule': '' }],
  ['CronJob', { 'spec.schedule': 'TZ=UTC 0 4 * * *' }],
  ['CronJob', { 'spec.schedule': '@dayly' }],
  ['CronJob', { 'spec.timeZone': 'Mars/Base' }],
  ['CronJob', { 'spec.timeZone': '' }],
  ['CronJob', { 'spec.timeZone': 'Local' }],
  ['CronJob', { 'spec.concurrencyPolicy': 'forbid' }],
  ['CronJob', { 'spec.startingDeadlineSeconds': -1 }],
  ['CronJob', { 'spec.successfulJobsHistoryLimit': -1 }],
  ['CronJob', { [`${job}template.spec.restartPolicy`]: 'Always' }],
  ['CronJob', { [`${job}selector`]: { matchLabels: { a: 'b' } } }],
  ['CronJob', { [`${job}manualSelector`]: true }],
  ['CronJob', { [`${job}parallelism`]: -1 }],
  // Services
  ['Service', { 'spec.ports': [] }],
  ['Service', { 'spec.ports': [{ port: 0 }] }],
  ['Service', { 'spec.ports': [{ port: 80 }, { port: 81 }] }],
  [
    'Service',
    {
      'spec.ports': [
        { name: 'a', port: 80 },
        { name: 'a', port: 81 },
      ],
    },
  ],
  [
    'Service',
    {
      'spec.ports': [
        { name: 'a', port: 80 },
        { name: 'b', port: 80 },
      ],
    },
  ],
  ['Service', { 'spec.ports': [{ port: 80, targetPort: 0 }] }],
  ['Service', { 'spec.ports': [{ port: 80, targetPort: 'Web' }] }],
  ['Service', { 'spec.ports': [{ port: 80, nodePort: 30080 }] }],
  [
    'Service',
    {
      'spec.type': 'NodePort',
      'spec.ports': [
        { name: 'a', port: 80, nodePort: 30080 },
        { name: 'b', port: 81, nodePort: 30080 },
      ],
    },
  ],
  ['Service', { 'spec.ports': [{ port: 80, protocol: 'HTTP' }] }],
  ['Service', { 'spec.ports': [{ port: 80, name: 'Http' }] }],
  ['Service', { 'spec.ports': [{ port: 80, appProtocol: 'a b' }] }],
  ['Service', { 'spec.type': 'ExternalName' }],
  ['Service', { 'spec.type': 'ExternalName', 'spec.externalName': 'A_B' }],
  ['Service', { 'spec.type': 'Clusterip' }],
  ['Service', { 'spec.type': 'NodePort', 'spec.clusterIP': 'None' }],
  ['Service', { 'spec.type': 'LoadBalancer', 'spec.clusterIP': 'None' }],
  ['Service', { 'spec.clusterIP': '10.0.0.300' }],
  ['Service', { 'spec.clusterIP': '10.0.0.3', 'spec.clusterIPs': ['10.0.0.4'] }],
  ['Service', { 'spec.sessionAffinity': 'clientIP' }],
  ['Service', { 'spec.sessionAffinityConfig': { clientIP: { timeoutSeconds: 10 } } }],
  [
    'Service',
    { 'spec.sessionAffinity': 'ClientIP', 'spec.sessionAffinityConfig': { clientIP: { timeoutSeconds: 0 } } },
  ],
  ['Service', { 'spec.externalTrafficPolicy': 'Local' }],
  ['Service', { 'spec.type': 'NodePort', 'spec.externalTrafficPolicy': 'local' }],
  ['Service', { 'spec.internalTrafficPolicy': 'x' }],
  ['Service', { 'spec.healthCheckNodePort': 31000 }],
  ['Service', { 'spec.externalIPs': ['x'] }],
  ['Service', { 'spec.externalIPs': ['127.0.0.1'] }],
  ['Service', { 'spec.loadBalancerSourceRanges': ['10.0.0.0/16'] }],
  ['Service', { 'spec.type': 'LoadBalancer', 'spec.loadBalancerSourceRanges': ['10.0.0.0'] }],
  ['Service', { 'spec.loadBalancerClass': 'service.k8s.aws/nlb' }],
  ['Service', { 'spec.type': 'LoadBalancer', 'spec.loadBalancerClass': 'a b' }],
  ['Service', { 'spec.allocateLoadBalancerNodePorts': false }],
  ['Service', { 'spec.selector': { 'a b': 'x' } }],
  ['Service', { 'spec.selector': { a: 'x y' } }],
  ['Service', { 'spec.ipFamilies': ['IPv5'] }],
  ['Service', { 'spec.ipFamilies': ['IPv4', 'IPv4'] }],
  ['Service', { 'spec.ipFamilyPolicy': 'Dual' }],
  ['Service', { 'spec.trafficDistribution': 'Near' }],
  // Ingresses
  ['Ingress', { 'spec.rules': undefined }],
  ['Ingress', { 'spec.rules[0].host': 'Shop.example.com' }],
  ['Ingress', { 'spec.rules[0].host': '10.0.0.1' }],
  ['Ingress', { 'spec.rules[0].host': 'shop.example.com:80' }],
  ['Ingress', { 'spec.rules[0].host': 'a.*.example.com' }],
  ['Ingress', { 'spec.rules[0].http.paths': [] }],
  ['Ingress', { 'spec.rules[0].http.paths[0].path': 'shop' }],
  ['Ingress', { 'spec.rules[0].http.paths[0].path': '' }],
  ['Ingress', { 'spec.rules[0].http.paths[0].path': '/a//b' }],
  ['Ingress', { 'spec.rules[0].http.paths[0].path': '/a/../b' }],
  ['Ingress', { 'spec.rules[0].http.paths[0].path': '/a%2fb' }],
  ['Ingress', { 'spec.rules[0].http.paths[0].pathType': 'prefix' }],
  ['Ingress', { 'spec.rules[0].http.paths[0].pathType': undefined }],
  ['Ingress', { 'spec.rules[0].http.paths[0].backend': {} }],
  ['Ingress', { 'spec.rules[0].http.paths[0].backend.service.port': {} }],
  ['Ingress', { 'spec.rules[0].http.paths[0].backend.service.port': { number: 80, name: 'http' } }],
  ['Ingress', { 'spec.rules[0].http.paths[0].backend.service.port': { number: 70000 } }],
  ['Ingress', { 'spec.rules[0].http.paths[0].backend.service.name': 'A_B' }],
  ['Ingress', { 'spec.rules[0].http.paths[0].backend.service.name': '' }],
  ['Ingress', { 'spec.rules[0].http.paths[0].backend.resource': { kind: 'Bucket', name: 'x' } }],
  ['Ingress', { 'spec.tls': [{ hosts: ['A B'] }] }],
  ['Ingress', { 'spec.tls': [{ secretName: 'A_B' }] }],
  ['Ingress', { 'spec.ingressClassName': 'A_B' }],
  ['Ingress', { 'metadata.annotations': { 'kubernetes.io/ingress.class': 'alb' }, 'spec.ingressClassName': 'nginx' }],
  ['IngressClass', { 'spec.controller': 'noslash' }],
  ['IngressClass', { 'spec.controller': undefined }],
  ['IngressClass', { 'spec.parameters': { kind: 'X', name: 'x', scope: 'Namespace' } }],
  // Network policies
  ['NetworkPolicy', { 'spec.policyTypes': ['ingress'] }],
  ['NetworkPolicy', { 'spec.policyTypes': ['Ingress', 'Egress', 'Ingress'] }],
  ['NetworkPolicy', { 'spec.podSelector': { matchLabels: { a: 'x y' } } }],
  ['NetworkPolicy', { 'spec.ingress[0].from[0].ipBlock.cidr': '10.0.0.0' }],
  ['NetworkPolicy', { 'spec.ingress[0].from[0].ipBlock.except': ['10.1.0.0/24'] }],
  ['NetworkPolicy', { 'spec.ingress[0].from[0].ipBlock.except': ['10.0.0.0/16'] }],
  ['NetworkPolicy', { 'spec.ingress[0].from[0].ipBlock.except': ['x'] }],
  ['NetworkPolicy', { 'spec.ingress[0].from[0].podSelector': {} }],
  ['NetworkPolicy', { 'spec.ingress[0].from[0]': {} }],
  ['NetworkPolicy', { 'spec.ingress[0].ports[0]': { port: 'Web' } }],
  ['NetworkPolicy', { 'spec.ingress[0].ports[0]': { port: 0 } }],
  ['NetworkPolicy', { 'spec.ingress[0].ports[0]': { port: 80, protocol: 'HTTP' } }],
  ['NetworkPolicy', { 'spec.ingress[0].ports[0]': { endPort: 90 } }],
  ['NetworkPolicy', { 'spec.ingress[0].ports[0]': { port: 80, endPort: 70 } }],
  ['NetworkPolicy', { 'spec.ingress[0].ports[0]': { port: 'http', endPort: 90 } }],
  // Autoscalers and budgets
  ['HorizontalPodAutoscaler', { 'spec.minReplicas': 6 }],
  ['HorizontalPodAutoscaler', { 'spec.minReplicas': 0 }],
  ['HorizontalPodAutoscaler', { 'spec.maxReplicas': 0 }],
  ['HorizontalPodAutoscaler', { 'spec.scaleTargetRef.name': '' }],
  ['HorizontalPodAutoscaler', { 'spec.scaleTargetRef.kind': 'a b' }],
  ['HorizontalPodAutoscaler', metric({ type: 'Resource' })],
  ['HorizontalPodAutoscaler', metric({ type: 'cpu' })],
  [
    'HorizontalPodAutoscaler',
    metric({ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageValue: '1' } } }),
  ],
  ['HorizontalPodAutoscaler', metric({ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization' } } })],
  [
    'HorizontalPodAutoscaler',
    metric({ type: 'Resource', resource: { name: 'cpu', target: { type: 'Percent', averageUtilization: 50 } } }),
  ],
  [
    'HorizontalPodAutoscaler',
    metric({
      type: 'Resource',
      resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50, averageValue: '1' } },
    }),
  ],
  [
    'HorizontalPodAutoscaler',
    metric({ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 0 } } }),
  ],
  [
    'HorizontalPodAutoscaler',
    metric({ type: 'Resource', resource: { name: '', target: { type: 'Utilization', averageUtilization: 5 } } }),
  ],
  [
    'HorizontalPodAutoscaler',
    metric({ type: 'Pods', pods: { metric: { name: '' }, target: { type: 'AverageValue', averageValue: '1' } } }),
  ],
  [
    'HorizontalPodAutoscaler',
    metric({ type: 'Pods', pods: { metric: { name: 'a' }, target: { type: 'AverageValue' } } }),
  ],
  [
    'HorizontalPodAutoscaler',
    metric({ type: 'External', external: { metric: { name: 'a' }, target: { type: 'Value' } } }),
  ],
  [
    'HorizontalPodAutoscaler',
    metric({
      type: 'External',
      external: { metric: { name: 'a' }, target: { type: 'Value', value: '1', averageValue: '1' } },
    }),
  ],
  [
    'HorizontalPodAutoscaler',
    metric({
      type: 'ContainerResource',
      containerResource: { name: 'cpu', container: '', target: { type: 'Utilization', averageUtilization: 5 } },
    }),
  ],
  ['HorizontalPodAutoscaler', { 'spec.behavior': { scaleDown: { stabilizationWindowSeconds: 4000 } } }],
  ['HorizontalPodAutoscaler', { 'spec.behavior': { scaleDown: { selectPolicy: 'Avg' } } }],
  ['HorizontalPodAutoscaler', { 'spec.behavior': { scaleDown: { policies: [] } } }],
  [
    'HorizontalPodAutoscaler',
    { 'spec.behavior': { scaleDown: { policies: [{ type: 'Pods', value: 0, periodSeconds: 60 }] } } },
  ],
  [
    'HorizontalPodAutoscaler',
    { 'spec.behavior': { scaleDown: { policies: [{ type: 'Percents', value: 1, periodSeconds: 60 }] } } },
  ],
  ['PodDisruptionBudget', { 'spec.minAvailable': 1 }],
  ['PodDisruptionBudget', { 'spec.maxUnavailable': -1 }],
  ['PodDisruptionBudget', { 'spec.maxUnavailable': '150%' }],
  ['PodDisruptionBudget', { 'spec.maxUnavailable': '50' }],
  ['PodDisruptionBudget', { 'spec.selector': { matchExpressions: [{ key: 'a', operator: 'Exists', values: ['x'] }] } }],
  ['PodDisruptionBudget', { 'spec.selector': { matchLabels: { a: 'x y' } } }],
  ['PodDisruptionBudget', { 'spec.unhealthyPodEvictionPolicy': 'Always' }],
  // RBAC
  ['Role', { rules: [{ nonResourceURLs: ['/healthz'], verbs: ['get'] }] }],
  ['Role', { rules: [{ apiGroups: [''], resources: ['pods'], verbs: [] }] }],
  ['Role', { rules: [{ resources: ['pods'], verbs: ['get'] }] }],
  ['Role', { rules: [{ apiGroups: [''], verbs: ['get'] }] }],
  ['ClusterRole', { rules: [{ nonResourceURLs: ['/a'], apiGroups: [''], resources: ['pods'], verbs: ['get'] }] }],
  ['ClusterRole', { rules: [{ nonResourceURLs: ['/a*b'], verbs: ['get'] }] }],
  ['ClusterRole', { aggregationRule: {} }],
  ['RoleBinding', { 'roleRef.kind': 'role' }],
  ['RoleBinding', { 'roleRef.apiGroup': 'rbac' }],
  ['RoleBinding', { 'roleRef.name': '' }],
  ['RoleBinding', { subjects: [{ kind: 'ServiceAccount', name: 'web' }] }],
  ['RoleBinding', { subjects: [{ kind: 'ServiceAccount', name: 'Web', namespace: 'default' }] }],
  ['RoleBinding', { subjects: [{ kind: 'serviceaccount', name: 'web', namespace: 'default' }] }],
  ['RoleBinding', { subjects: [{ kind: 'User', name: '' }] }],
  ['RoleBinding', { subjects: [{ kind: 'User', name: 'x', apiGroup: 'v1' }] }],
  [
    'RoleBinding',
    { subjects: [{ kind: 'ServiceAccount', name: 'a', namespace: 'b', apiGroup: 'rbac.authorization.k8s.io' }] },
  ],
  // Storage
  ['StorageClass', { reclaimPolicy: 'Recycle' }],
  ['StorageClass', { provisioner: '' }],
  ['StorageClass', { provisioner: 'a b' }],
  ['StorageClass', { volumeBindingMode: 'Wait' }],
  ['StorageClass', { parameters: { '': 'x' } }],
  ['StorageClass', { allowedTopologies: [{ matchLabelExpressions: [{ key: 'zone', values: [] }] }] }],
  ['PersistentVolumeClaim', { 'spec.accessModes': [] }],
  ['PersistentVolumeClaim', { 'spec.accessModes': ['RWO'] }],
  ['PersistentVolumeClaim', { 'spec.accessModes': ['ReadWriteOncePod', 'ReadWriteOnce'] }],
  ['PersistentVolumeClaim', { 'spec.resources': {} }],
  ['PersistentVolumeClaim', { 'spec.resources.requests.storage': '0' }],
  ['PersistentVolumeClaim', { 'spec.resources.requests.storage': '-1Gi' }],
  ['PersistentVolumeClaim', { 'spec.volumeMode': 'block' }],
  ['PersistentVolumeClaim', { 'spec.storageClassName': 'A_B' }],
  ['PersistentVolumeClaim', { 'spec.selector': { matchExpressions: [{ key: 'a', operator: 'In' }] } }],
  ['PersistentVolumeClaim', { 'spec.dataSource': { kind: 'Bucket', name: 'x' } }],
  ['PersistentVolumeClaim', { 'spec.volumeName': 'A_B' }],
  ['PersistentVolumeClaim', { 'spec.volumeAttributesClassName': 'A_B' }],
  ['PersistentVolume', { 'spec.capacity': {} }],
  ['PersistentVolume', { 'spec.capacity': { cpu: '1' } }],
  ['PersistentVolume', { 'spec.capacity': { storage: '0' } }],
  ['PersistentVolume', { 'spec.accessModes': [] }],
  ['PersistentVolume', { 'spec.persistentVolumeReclaimPolicy': 'Keep' }],
  [
    'PersistentVolume',
    { 'spec.persistentVolumeReclaimPolicy': 'Recycle', 'spec.csi': undefined, 'spec.hostPath': { path: '/' } },
  ],
  ['PersistentVolume', { 'spec.csi': { driver: '', volumeHandle: 'x' } }],
  ['PersistentVolume', { 'spec.csi': { driver: 'a', volumeHandle: '' } }],
  ['PersistentVolume', { 'spec.csi': undefined, 'spec.local': { path: '/mnt' } }],
  ['PersistentVolume', { 'spec.csi': undefined, 'spec.local': { path: '' } }],
  ['PersistentVolume', { 'spec.nodeAffinity': { required: { nodeSelectorTerms: [] } } }],
  ['PersistentVolume', { 'spec.nfs': { server: 'a', path: '/' } }],
  ['PersistentVolume', { 'spec.csi': undefined }],
  // Limits and quotas
  ['LimitRange', { 'spec.limits[0].type': 'container' }],
  ['LimitRange', { 'spec.limits[0]': { type: 'Container', default: { memory: '1Gi' }, max: { memory: '512Mi' } } }],
  ['LimitRange', { 'spec.limits[0]': { type: 'Container', min: { memory: '1Gi' }, max: { memory: '512Mi' } } }],
  [
    'LimitRange',
    { 'spec.limits[0]': { type: 'Container', default: { memory: '1Mi' }, defaultRequest: { memory: '2Mi' } } },
  ],
  ['LimitRange', { 'spec.limits[0]': { type: 'Pod', default: { memory: '1Gi' } } }],
  ['LimitRange', { 'spec.limits[0]': { type: 'PersistentVolumeClaim' } }],
  ['LimitRange', { 'spec.limits': [{ type: 'Container' }, { type: 'Container' }] }],
  ['LimitRange', { 'spec.limits[0]': { type: 'Container', maxLimitRequestRatio: { cpu: '0' } } }],
  ['LimitRange', { 'spec.limits[0]': { type: 'Container', max: { disk: '1' } } }],
  ['ResourceQuota', { 'spec.hard': { disk: '1' } }],
  ['ResourceQuota', { 'spec.hard': { pods: '-1' } }],
  ['ResourceQuota', { 'spec.hard': { pods: '1.5' } }],
  ['ResourceQuota', { 'spec.scopes': ['Best'] }],
  ['ResourceQuota', { 'spec.scopes': ['BestEffort', 'NotBestEffort'] }],
  ['ResourceQuota', { 'spec.scopes': ['BestEffort'], 'spec.hard': { 'requests.cpu': '1' } }],
  [
    'ResourceQuota',
    { 'spec.scopeSelector': { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: [] }] } },
  ],
  ['PriorityClass', { value: 2000000000 }],
  ['PriorityClass', { preemptionPolicy: 'Always' }],
  ['PriorityClass', { 'metadata.name': 'system-shop' }],
  // Webhooks, definitions, API services
  ['ValidatingWebhookConfiguration', { [`${w}name`]: 'check' }],
  ['ValidatingWebhookConfiguration', { [`${w}sideEffects`]: 'Some' }],
  ['ValidatingWebhookConfiguration', { [`${w}sideEffects`]: 'Unknown' }],
  ['ValidatingWebhookConfiguration', { [`${w}admissionReviewVersions`]: [] }],
  ['ValidatingWebhookConfiguration', { [`${w}admissionReviewVersions`]: ['v2'] }],
  ['ValidatingWebhookConfiguration', { [`${w}timeoutSeconds`]: 31 }],
  ['ValidatingWebhookConfiguration', { [`${w}failurePolicy`]: 'ignore' }],
  ['ValidatingWebhookConfiguration', { [`${w}matchPolicy`]: 'x' }],
  ['ValidatingWebhookConfiguration', { [`${w}clientConfig`]: {} }],
  ['ValidatingWebhookConfiguration', { [`${w}clientConfig`]: { url: 'http://a.example.com' } }],
  ['ValidatingWebhookConfiguration', { [`${w}clientConfig`]: { url: 'https://a.example.com?x=1' } }],
  [
    'ValidatingWebhookConfiguration',
    { [`${w}clientConfig`]: { url: 'https://a.example.com', service: { name: 'a', namespace: 'b' } } },
  ],
  ['ValidatingWebhookConfiguration', { [`${w}clientConfig.service.path`]: 'x' }],
  ['ValidatingWebhookConfiguration', { [`${w}clientConfig.service.port`]: 0 }],
  ['ValidatingWebhookConfiguration', { [`${w}clientConfig.service.name`]: '' }],
  ['ValidatingWebhookConfiguration', { [`${w}rules[0].operations`]: ['create'] }],
  ['ValidatingWebhookConfiguration', { [`${w}rules[0].operations`]: ['*', 'CREATE'] }],
  ['ValidatingWebhookConfiguration', { [`${w}rules[0].apiGroups`]: ['*', 'apps'] }],
  ['ValidatingWebhookConfiguration', { [`${w}rules[0].resources`]: ['*', 'pods'] }],
  ['ValidatingWebhookConfiguration', { [`${w}rules[0].resources`]: ['*/*', 'pods'] }],
  ['ValidatingWebhookConfiguration', { [`${w}rules[0].scope`]: 'Everything' }],
  ['ValidatingWebhookConfiguration', { [`${w}rules[0].apiVersions`]: [] }],
  ['ValidatingWebhookConfiguration', { [`${w}matchConditions`]: [{ name: 'a b', expression: 'true' }] }],
  ['CustomResourceDefinition', { 'metadata.name': 'shop.example.com' }],
  ['CustomResourceDefinition', { 'spec.names.kind': 'shop kind' }],
  ['CustomResourceDefinition', { 'spec.names.plural': 'Shops' }],
  ['CustomResourceDefinition', { 'spec.scope': 'namespaced' }],
  ['CustomResourceDefinition', { 'spec.group': 'example' }],
  ['CustomResourceDefinition', { 'spec.versions': [] }],
  ['CustomResourceDefinition', { 'spec.versions[0].storage': false }],
  ['CustomResourceDefinition', { 'spec.versions[0].schema': undefined }],
  ['CustomResourceDefinition', { 'spec.versions[0].schema.openAPIV3Schema': { properties: {} } }],
  ['CustomResourceDefinition', { 'spec.versions[0].name': 'V1' }],
  ['CustomResourceDefinition', { 'spec.conversion': { strategy: 'Webhook' } }],
  [
    'CustomResourceDefinition',
    { 'spec.versions[0].schema.openAPIV3Schema': { type: 'object', properties: { a: {} } } },
  ],
  ['APIService', { 'metadata.name': 'metrics' }],
  ['APIService', { 'spec.groupPriorityMinimum': 0 }],
  ['APIService', { 'spec.versionPriority': 1001 }],
  ['APIService', { 'spec.insecureSkipTLSVerify': true, 'spec.caBundle': 'eA==' }],
  ['APIService', { 'spec.service.name': '' }],
  ['APIService', { 'spec.service.port': 70000 }],
  ['ServiceAccount', { secrets: [{ name: '' }], 'metadata.name': 'A_B' }],
];

/** What the API server rejects and no rule reports yet: contents, CEL, and classes that only a cluster knows. */
export const unsaid: typeof faults = [
  ['Secret', { type: 'kubernetes.io/dockerconfigjson', stringData: { '.dockerconfigjson': 'x' } }],
  ['Pod', { [`${c}env`]: [{ name: 'A', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '3' } } }] }],
  ['Pod', { [`${c}resources`]: { limits: { 'hugepages-2Mi': '3Mi', memory: '1Gi' } } }],
  ['Pod', { 'spec.securityContext': { windowsOptions: { runAsUserName: 'a/b*c' } } }],
  ['Pod', { 'spec.priorityClassName': 'A_B' }],
  ['Pod', { 'spec.runtimeClassName': 'A_B' }],
  ['ValidatingWebhookConfiguration', { [`${w}matchConditions`]: [{ name: 'a', expression: 'object.(' }] }],
  [
    'CustomResourceDefinition',
    { 'spec.versions[0].schema.openAPIV3Schema': { type: 'object', properties: { a: { type: 'text' } } } },
  ],
  [
    'CustomResourceDefinition',
    { 'spec.versions[0].schema.openAPIV3Schema': { type: 'object', properties: { a: { type: 'array' } } } },
  ],
];

/** An object with fields set by their paths, e.g. `spec.rules[0].host`. */
export function changed(base: unknown, change: Change): Record<string, unknown> {
  const object = JSON.parse(JSON.stringify(base)) as Record<string, unknown>;
  for (const [path, value] of Object.entries(change)) {
    const steps = path.split(/[.[\]]+/).filter((step) => step !== '');
    const last = steps.pop() ?? '';
    let on = object;
    for (const step of steps) on = (on[step] ??= {}) as Record<string, unknown>;
    if (value === undefined) delete on[last];
    else on[last] = value;
  }
  return object;
}
