import { join } from 'node:path';

/*
 * Kustomizations that say all that is read of them, for `kustomize-built.test.ts`. What kubectl (1.32.4, kustomize 5.5.0) makes of each stands in a
 * file of `kustomize-built`; the differential test asks kubectl again where it is there, and `vitest run -u` writes it.
 */

export interface Kustomized {
  readonly name: string;
  /** The root is in the folder `root`, or at the top. */
  readonly files: Readonly<Record<string, string>>;
}

/** Where the outputs of one stand, without the ending. */
export const builtFileOf = (name: string): string =>
  join(import.meta.dirname, 'kustomize-built', name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'));

const json = (data: unknown): string => JSON.stringify(data, null, 1);
const stream = (...all: readonly object[]): string => all.map(json).join('\n---\n');
const root = (body: object, kind = 'Kustomization'): string =>
  json({
    apiVersion: `kustomize.config.k8s.io/${kind === 'Component' ? 'v1alpha1' : 'v1beta1'}`,
    kind,
    ...body,
  });
const object = (apiVersion: string, kind: string, name: string, more: object = {}, metadata: object = {}): object => ({
  apiVersion,
  kind,
  metadata: { name, ...metadata },
  ...more,
});
const app = { app: 'a' };
const byLabels = { labelSelector: { matchLabels: app } };
const terms = (extra: object) => ({
  preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: { topologyKey: 'zone', ...extra } }],
  requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'zone', ...extra }],
});
const pod = (extra: object = byLabels) => ({
  containers: [{ name: 'main', image: 'example.com/app:1' }],
  initContainers: [{ name: 'first', image: 'example.com/app:1' }],
  affinity: { podAffinity: terms(extra), podAntiAffinity: terms(extra) },
  topologySpreadConstraints: [{ topologyKey: 'zone', maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule', ...extra }],
});
const template = { metadata: { labels: app }, spec: pod() };
const selector = { matchLabels: app };
/** One object of each kind that kustomize knows fields of, with all of them. */
const everyKind = stream(
  object('apps/v1', 'Deployment', 'deployment', { spec: { replicas: 1, selector, template } }),
  object('apps/v1', 'StatefulSet', 'set', {
    spec: {
      replicas: 1,
      selector,
      template,
      volumeClaimTemplates: [{ metadata: { name: 'data', labels: app, annotations: { own: 'x' } } }],
    },
  }),
  object('apps/v1', 'DaemonSet', 'daemons', { spec: { selector, template } }),
  object('apps/v1', 'ReplicaSet', 'replicas', { spec: { replicas: 1, selector, template } }),
  object('v1', 'ReplicationController', 'controller', { spec: { replicas: 1, selector: app, template } }),
  object('batch/v1', 'Job', 'job', { spec: { selector, template } }),
  object('batch/v1', 'CronJob', 'cron', {
    spec: { jobTemplate: { metadata: { labels: app }, spec: { selector, template } } },
  }),
  object('v1', 'Service', 'service', { spec: { selector: app } }),
  object('policy/v1', 'PodDisruptionBudget', 'budget', { spec: { selector } }),
  object('networking.k8s.io/v1', 'NetworkPolicy', 'policy', {
    spec: {
      podSelector: selector,
      ingress: [{ from: [{ podSelector: selector }] }],
      egress: [{ to: [{ podSelector: selector }] }],
    },
  }),
  object('v1', 'Namespace', 'space'),
  object('example.com/v1', 'Widget', 'widget', {
    spec: { replicas: 1, containers: [{ name: 'x', image: 'example.com/app:1' }] },
  }),
  object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'widgets.example.com', {
    spec: {
      group: 'example.com',
      scope: 'Cluster',
      names: { kind: 'Widget', plural: 'widgets' },
      containers: [{ image: 'example.com/app:1' }],
    },
  }),
);
/** The same kinds with as little as they may say: what kustomize makes, and what it only finds. */
const bare = { spec: { template: { spec: { containers: [] } } } };
const bareKinds = stream(
  object('apps/v1', 'Deployment', 'deployment', bare),
  object('apps/v1', 'StatefulSet', 'set', { spec: { ...bare.spec, volumeClaimTemplates: [{ spec: {} }] } }),
  object('apps/v1', 'DaemonSet', 'daemons', bare),
  object('apps/v1', 'ReplicaSet', 'replicas', bare),
  object('v1', 'ReplicationController', 'controller', bare),
  object('batch/v1', 'Job', 'job', bare),
  object('batch/v1', 'CronJob', 'cron', { spec: { jobTemplate: bare } }),
  object('v1', 'Service', 'service', { spec: {} }),
  object('policy/v1', 'PodDisruptionBudget', 'budget', { spec: {} }),
  object('networking.k8s.io/v1', 'NetworkPolicy', 'policy', { spec: { podSelector: {}, ingress: [{ from: [{}] }] } }),
);
const names = ['deployment', 'set', 'replicas', 'controller'];
const transformed = {
  resources: ['all.yaml'],
  namespace: 'shop',
  images: [{ name: 'example.com/app', newTag: '7' }],
  replicas: names.map((name) => ({ name, count: 5 })),
};

const two = (kind: string, apiVersion: string, more: object = {}): object[] => [
  object(apiVersion, kind, 'one', more, { labels: { tier: 'front' }, annotations: { note: 'a' }, namespace: 'x' }),
  object(apiVersion, kind, 'two', more, { labels: { tier: 'back' }, annotations: { note: 'b' }, namespace: 'y' }),
];
const mark = (name: string) => json([{ op: 'add', path: `/data/${name}`, value: 'met' }]);
/** Ports, and what a patch says of them. */
const ports: readonly (readonly [was: readonly object[], laid: readonly object[]])[] = [
  [[{ port: 1, name: 'a' }], [{ port: 1, name: 'c' }]],
  [[{ port: 1, name: 'a' }], [{ port: 1, name: 'c', protocol: 'TCP' }]],
  [[{ port: 1, name: 'a' }], [{ port: 1, name: 'c', protocol: 'UDP' }]],
  [[{ port: 1, name: 'a' }], [{ port: 2, name: 'c', protocol: 'TCP' }]],
  [[{ port: 1, name: 'a', protocol: 'TCP' }], [{ port: 1, name: 'c' }]],
  [[{ port: 1, name: 'a', protocol: 'TCP' }], [{ port: 1, name: 'c', protocol: 'TCP' }]],
  [
    [
      { port: 1, name: 'a' },
      { port: 2, name: 'b', protocol: 'TCP' },
    ],
    [{ port: 1, name: 'c' }],
  ],
];
const config = { data: { a: 'b' } };

export const kustomizeds: readonly Kustomized[] = [
  {
    name: 'labels, annotations, counts and images of every kind',
    files: {
      'all.yaml': everyKind,
      'kustomization.yaml': root({ ...transformed, commonLabels: { team: 'a' }, commonAnnotations: { note: 'b' } }),
    },
  },
  {
    name: 'labels that kustomize makes',
    files: {
      'all.yaml': bareKinds,
      'kustomization.yaml': root({ ...transformed, commonLabels: { team: 'a' }, commonAnnotations: { note: 'b' } }),
    },
  },
  {
    name: 'entries of labels',
    files: {
      'all.yaml': everyKind,
      'kustomization.yaml': root({
        resources: ['all.yaml'],
        labels: [
          { pairs: { plain: 'a' } },
          { pairs: { inside: 'b' }, includeTemplates: true },
          { pairs: { chosen: 'c' }, includeSelectors: true },
          {
            pairs: { made: 'd' },
            fields: [
              { path: 'spec/own', create: true, kind: 'Widget', group: 'example.com', version: 'v1' },
              { path: 'spec/other', create: true, kind: 'Gadget' },
              { path: 'spec/another', create: true, group: 'example.org' },
              { path: 'spec/older', create: true, version: 'v1beta1' },
              { path: 'spec/absent', create: false, kind: 'Widget' },
            ],
          },
        ],
      }),
    },
  },
  {
    name: 'images',
    files: {
      'pod.yaml': stream(
        object('v1', 'Pod', 'p', {
          spec: {
            containers: ['a:1', 'b:1', 'c:1', 'd@sha256:1', 'e:1', 'team-f:1'].map((image) => ({
              name: image.slice(0, 1),
              image,
            })),
          },
        }),
      ),
      'kustomization.yaml': root({
        resources: ['pod.yaml'],
        images: [
          { name: 'a', newTag: '2' },
          { name: 'b', newName: 'mirror/b' },
          { name: 'c', digest: 'sha256:2' },
          { name: 'd', newName: 'mirror/d', newTag: '3' },
          { name: 'e', newName: 'x', newTag: '4', digest: 'sha256:4' },
          { name: 'team-.*', newTag: '5' },
        ],
      }),
    },
  },
  {
    name: 'targets of patches',
    files: {
      'all.yaml': stream(
        ...two('ConfigMap', 'v1', config),
        ...two('Widget', 'example.com/v1', config),
        ...two('Gadget', 'example.com/v2', config),
        ...two('Gizmo', 'example.org/v1', config),
        object('v1', 'ConfigMap', 'plain', config),
      ),
      'kustomization.yaml': root({
        resources: ['all.yaml'],
        patches: [
          { target: { group: 'example.com' }, patch: mark('group') },
          { target: { version: 'v2' }, patch: mark('version') },
          { target: { kind: 'ConfigMap' }, patch: mark('kind') },
          { target: { name: 'one' }, patch: mark('name') },
          { target: { namespace: 'y' }, path: '', patch: mark('namespace') },
          { target: { namespace: 'default' }, patch: mark('default') },
          { target: { labelSelector: 'tier=front' }, patch: mark('label') },
          { target: { labelSelector: 'tier notin (front)' }, patch: mark('notin') },
          { target: { labelSelector: 'tier in (front)' }, patch: mark('in') },
          { target: { labelSelector: 'tier!=front' }, patch: mark('unequal') },
          { target: { annotationSelector: 'note=b' }, patch: mark('annotation') },
          { target: { group: 'example\\..*' }, patch: mark('groups') },
          { target: { version: 'v[12]' }, patch: mark('versions') },
          { target: { kind: 'G.*' }, patch: mark('kinds') },
          { target: { name: 't.*' }, patch: mark('names') },
          { target: { namespace: '[xz]' }, patch: mark('namespaces') },
          { target: { kind: '', name: '', namespace: '', group: '', version: '' }, patch: mark('everything') },
        ],
      }),
    },
  },
  {
    name: 'patches that name their object',
    files: {
      'all.yaml': stream(
        ...two('ConfigMap', 'v1', config),
        ...two('Widget', 'example.com/v1', config),
        ...two('Widget', 'example.org/v1', config),
      ),
      'late.yaml': stream([{ op: 'replace', path: '/metadata/labels/team', value: 'late' }]),
      'file.yaml': stream(object('example.com/v1', 'Widget', 'two', { data: { file: 'met' } }, { namespace: 'y' })),
      'kustomization.yaml': root({
        resources: ['all.yaml'],
        commonLabels: { team: 'a' },
        patchesStrategicMerge: [
          'file.yaml',
          json(object('example.org/v1', 'Widget', 'one', { data: { group: 'met' } }, { namespace: 'x' })),
          json(object('v1', 'ConfigMap', 'one', { data: { text: 'met' } }, { namespace: 'x' })),
        ],
        patchesJson6902: [
          { target: { version: 'v1', kind: 'ConfigMap', name: 'two', namespace: 'y' }, path: 'late.yaml' },
          {
            target: { group: 'example.com', version: 'v1', kind: 'Widget', name: 'one', namespace: 'x' },
            patch: json([{ op: 'replace', path: '/metadata/labels/team', value: 'later' }]),
          },
        ],
        patches: [
          {
            patch: json(object('v1', 'ConfigMap', 'two', { $patch: 'delete' }, { namespace: 'x' })),
            target: { kind: 'None' },
          },
          {
            patch: json({
              apiVersion: 'v1',
              kind: 'ConfigMap',
              metadata: { name: 'renamed', namespace: 'elsewhere', annotations: { more: 'c' } },
            }),
            target: { kind: 'ConfigMap' },
          },
        ],
      }),
    },
  },
  {
    name: 'operations of JSON patches',
    files: {
      'all.yaml': stream(
        object('v1', 'ConfigMap', 'c', {
          data: { kept: '1', gone: '2', changed: '3', moved: '4', copied: '5', held: '6' },
          listed: ['a', 'b', 'c'],
        }),
      ),
      'kustomization.yaml': root({
        resources: ['all.yaml'],
        patches: [
          {
            target: { kind: 'ConfigMap' },
            patch: json([
              { op: 'add', path: '/data/added', value: 'x' },
              { op: 'remove', path: '/data/gone' },
              { op: 'replace', path: '/data/changed', value: 'y' },
              { op: 'move', from: '/data/moved', path: '/data/there' },
              { op: 'copy', from: '/data/copied', path: '/data/again' },
              { op: 'test', path: '/data/held', value: '6' },
              { op: 'add', path: '/listed/1', value: 'inserted' },
              { op: 'replace', path: '/listed/0', value: 'replaced' },
              { op: 'add', path: '/listed/-', value: 'last' },
            ]),
          },
        ],
      }),
    },
  },
  {
    name: 'lists that merge',
    files: {
      'all.yaml': stream(
        object('v1', 'Pod', 'p', {
          metadata: {
            name: 'p',
            finalizers: ['a', 'b'],
            ownerReferences: ['a', 'b'].map((uid) => ({ apiVersion: 'v1', kind: 'Node', name: 'n', uid })),
          },
          spec: {
            containers: [
              {
                name: 'a',
                image: 'a',
                env: ['A', 'B'].map((name) => ({ name, value: '1' })),
                ports: [
                  { containerPort: 1, protocol: 'TCP', name: 'a' },
                  { containerPort: 1, protocol: 'UDP', name: 'b' },
                ],
                volumeMounts: ['/a', '/b'].map((mountPath) => ({ mountPath, name: 'v' })),
                volumeDevices: ['/a', '/b'].map((devicePath) => ({ devicePath, name: 'v' })),
                command: ['one'],
              },
              { name: 'b', image: 'b' },
            ],
            initContainers: ['a', 'b'].map((name) => ({ name, image: 'i' })),
            ephemeralContainers: ['a', 'b'].map((name) => ({ name, image: 'e' })),
            volumes: ['a', 'b'].map((name) => ({ name, emptyDir: {} })),
            imagePullSecrets: ['a', 'b'].map((name) => ({ name })),
            hostAliases: ['1.1.1.1', '2.2.2.2'].map((ip) => ({ ip, hostnames: ['h'] })),
            topologySpreadConstraints: ['DoNotSchedule', 'ScheduleAnyway'].map((whenUnsatisfiable) => ({
              topologyKey: 'zone',
              whenUnsatisfiable,
              maxSkew: 1,
            })),
            tolerations: [{ key: 'old' }],
          },
        }),
        object('v1', 'ServiceAccount', 's', {
          secrets: ['a', 'b'].map((name) => ({ name })),
          imagePullSecrets: ['a', 'b'].map((name) => ({ name })),
        }),
        object('v1', 'Service', 'v', {
          spec: {
            ports: [
              { port: 1, protocol: 'TCP', name: 'a' },
              { port: 1, protocol: 'UDP', name: 'b' },
            ],
          },
        }),
        object('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', 'w', {
          webhooks: ['a', 'b'].map((name) => ({ name, failurePolicy: 'Fail' })),
        }),
        object('batch/v1beta1', 'Job', 'old', {
          spec: { template: { spec: { containers: [{ name: 'a', image: 'a' }] } } },
        }),
        object('batch/v1', 'Job', 'new', {
          spec: { template: { spec: { containers: [{ name: 'a', image: 'a' }] } } },
        }),
      ),
      'kustomization.yaml': root({
        resources: ['all.yaml'],
        patches: [
          object('v1', 'Pod', 'p', {
            metadata: {
              name: 'p',
              finalizers: ['c'],
              ownerReferences: [{ uid: 'b', apiVersion: 'v1', kind: 'Node', name: 'changed' }],
            },
            spec: {
              containers: [
                {
                  name: 'a',
                  env: [{ name: 'B', value: '2' }],
                  ports: [{ containerPort: 1, protocol: 'TCP', name: 'changed' }],
                  volumeMounts: [{ mountPath: '/b', name: 'changed' }],
                  volumeDevices: [{ devicePath: '/b', name: 'changed' }],
                  command: ['two'],
                },
              ],
              initContainers: [{ name: 'b', image: 'changed' }],
              ephemeralContainers: [{ name: 'b', image: 'changed' }],
              volumes: [{ name: 'b', hostPath: { path: '/changed' } }],
              imagePullSecrets: [{ name: 'c' }],
              hostAliases: [{ ip: '2.2.2.2', hostnames: ['changed'] }],
              topologySpreadConstraints: [{ topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway', maxSkew: 9 }],
              tolerations: [{ key: 'new' }],
            },
          }),
          object('v1', 'ServiceAccount', 's', {
            secrets: [{ name: 'c' }],
            imagePullSecrets: [{ name: 'c' }],
          }),
          object('v1', 'Service', 'v', { spec: { ports: [{ port: 1, protocol: 'TCP', name: 'changed' }] } }),
          object('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', 'w', {
            webhooks: [{ name: 'b', failurePolicy: 'Ignore' }],
          }),
          object('batch/v1beta1', 'Job', 'old', {
            spec: { template: { spec: { containers: [{ name: 'b', image: 'b' }] } } },
          }),
          object('batch/v1', 'Job', 'new', {
            spec: { template: { spec: { containers: [{ name: 'b', image: 'b' }] } } },
          }),
        ].map((patch) => ({ patch: json(patch) })),
      }),
    },
  },
  {
    name: 'ports with and without a protocol',
    files: {
      'all.yaml': stream(
        ...ports.map(([was], index) => object('v1', 'Service', `s${index}`, { spec: { ports: was } })),
      ),
      'kustomization.yaml': root({
        resources: ['all.yaml'],
        patches: ports.map(([, laid], index) => ({
          patch: json(object('v1', 'Service', `s${index}`, { spec: { ports: laid } })),
        })),
      }),
    },
  },
  {
    name: 'directives of patches',
    files: {
      'all.yaml': stream(
        ...['replaced', 'deleted', 'emptied', 'item'].map((name) =>
          object('v1', 'Pod', name, {
            spec: {
              containers: ['a', 'b'].map((one) => ({ name: one, image: one })),
              securityContext: { runAsUser: 1, fsGroup: 2 },
            },
          }),
        ),
        object('v1', 'ConfigMap', 'gone'),
        object('v1', 'Pod', 'fresh', { spec: { hostNetwork: true } }),
      ),
      'kustomization.yaml': root({
        resources: ['all.yaml'],
        patches: [
          object('v1', 'Pod', 'replaced', {
            spec: {
              containers: [{ $patch: 'replace' }, { name: 'c', image: 'c' }],
              securityContext: { $patch: 'replace', runAsUser: 3 },
            },
          }),
          object('v1', 'Pod', 'deleted', {
            spec: { containers: [{ $patch: 'delete', name: 'a' }], securityContext: { $patch: 'delete' } },
          }),
          object('v1', 'Pod', 'emptied', { spec: { containers: [{ $patch: 'delete' }], securityContext: null } }),
          object('v1', 'Pod', 'item', { spec: { containers: [{ $patch: 'replace', name: 'a', image: 'x' }] } }),
          object('v1', 'ConfigMap', 'gone', { $patch: 'delete' }),
        ]
          .map((patch): object => ({ patch: json(patch) }))
          .concat({ path: 'fresh.yaml' }),
      }),
      'fresh.yaml': json(
        object('v1', 'Pod', 'fresh', { spec: { containers: [{ name: 'c', image: 'c' }, { $patch: 'replace' }] } }),
      ),
    },
  },
  {
    name: 'prefixes, suffixes and names',
    files: {
      'all.yaml': stream(
        object('v1', 'ConfigMap', 'c', config),
        object('v1', 'Namespace', 'n'),
        object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'd.example.com', {
          spec: { group: 'example.com', scope: 'Cluster', names: { kind: 'D', plural: 'd' } },
        }),
        object('apiregistration.k8s.io/v1', 'APIService', 'v1.example.com', { spec: { group: 'example.com' } }),
        object('example.com/v1', 'Widget', 'w', { spec: { first: 'x', last: 'y' } }),
      ),
      'specs.yaml': json({
        namePrefix: [{ path: 'metadata/name' }, { path: 'spec/first', kind: 'Widget' }],
        nameSuffix: [{ path: 'metadata/name' }, { path: 'spec/last', kind: 'Widget' }],
      }),
      'kustomization.yaml': root({
        resources: ['all.yaml'],
        namePrefix: 'a-',
        nameSuffix: '-z',
        configurations: ['specs.yaml'],
      }),
    },
  },
  {
    name: 'configurations',
    files: {
      'all.yaml': stream(
        object('example.com/v1', 'Widget', 'w', {
          spec: { image: 'app:1', replicas: 1, namespace: 'x', labels: { a: 'b' } },
        }),
      ),
      'specs.yaml': json(
        Object.fromEntries(
          ['commonLabels', 'labels', 'templateLabels', 'commonAnnotations', 'images', 'replicas', 'namespace'].map(
            (purpose) => [
              purpose,
              purpose === 'images'
                ? [{ path: 'spec/image', kind: 'Widget' }]
                : [
                    { path: `spec/made/${purpose}`, create: true, kind: 'Widget' },
                    { path: `spec/${purpose}`, group: 'example.com', version: 'v1' },
                  ],
            ],
          ),
        ),
      ),
      'kustomization.yaml': root({
        resources: ['all.yaml'],
        configurations: ['specs.yaml'],
        namespace: 'over',
        commonLabels: { common: 'a' },
        labels: [{ pairs: { plain: 'b' } }, { pairs: { inside: 'c' }, includeTemplates: true }],
        commonAnnotations: { note: 'x' },
        images: [{ name: 'app', newTag: '7' }],
        replicas: [{ name: 'w', count: 5 }],
      }),
    },
  },
  {
    name: 'objects that patches rename',
    files: {
      'all.yaml': stream(object('v1', 'ConfigMap', 'old', config)),
      'kustomization.yaml': root({
        resources: ['all.yaml'],
        patches: [
          {
            target: { kind: 'ConfigMap' },
            patch: json([{ op: 'replace', path: '/metadata/name', value: 'new' }]),
            options: { allowNameChange: true },
          },
          { target: { kind: 'ConfigMap', name: 'old' }, patch: mark('old') },
          { target: { kind: 'ConfigMap', name: 'new' }, patch: mark('new') },
        ],
      }),
    },
  },
  {
    name: 'objects that merge patches turn into others',
    files: {
      'all.yaml': stream(
        ...['kind', 'name', 'both', 'neither'].map((name) => object('v1', 'ConfigMap', name, config)),
        object('example.com/v1', 'Deployment', 'group'),
        object('example.com/v1', 'Deployment', 'other'),
      ),
      'kustomization.yaml': root({
        resources: ['all.yaml'],
        patches: [
          ...Object.entries({
            kind: { allowKindChange: true },
            name: { allowNameChange: true },
            both: { allowKindChange: true, allowNameChange: true },
            neither: {},
          }).map(([name, options]) => ({
            target: { kind: 'ConfigMap', name },
            patch: json(object('v1', 'Secret', `new-${name}`)),
            options,
          })),
          { target: { name: 'group' }, patch: json(object('apps/v1', 'Deployment', 'x')) },
          {
            target: { name: 'other' },
            patch: json(object('apps/v1', 'Deployment', 'x')),
            options: { allowKindChange: true },
          },
          { patch: json(object('v1', 'ConfigMap', 'new-name', { data: { later: 'met' } })) },
        ],
      }),
    },
  },
  {
    name: 'transformers, components, bases and lists of patches',
    files: {
      'root/kustomization.yaml': root({
        resources: ['own.yaml'],
        bases: ['../base'],
        components: ['../part'],
        transformers: [
          'move.yaml',
          `apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: x}\npath: scale.yaml\npatch: ''\ntarget: {kind: ConfigMap, name: own}\n`,
        ],
        patches: [{ path: 'list.yaml' }],
      }),
      'root/own.yaml': stream(object('v1', 'ConfigMap', 'own', config)),
      'root/move.yaml': json({
        apiVersion: 'builtin',
        kind: 'PatchTransformer',
        metadata: { name: 'move' },
        target: { kind: 'ConfigMap', name: 'based' },
        path: '',
        patch: mark('moved'),
      }),
      'root/scale.yaml': json([{ op: 'add', path: '/data/scaled', value: 'met' }]),
      'root/list.yaml': json({
        apiVersion: 'v1',
        kind: 'ConfigMapList',
        items: [
          object('v1', 'ConfigMap', 'own', { data: { listed: 'own' } }),
          object('v1', 'ConfigMap', 'based', { data: { listed: 'based' } }),
        ],
      }),
      'base/kustomization.yml': json({ resources: ['based.yaml'] }),
      'base/based.yaml': stream(object('v1', 'ConfigMap', 'based', config)),
      'part/Kustomization': root({ namespace: 'part' }, 'Component'),
    },
  },
];

/** What kustomizations name and is not read here, or what kustomize rejects: it is reported, and needs rendering. */
export const toldOnly: readonly Kustomized[] = [
  {
    name: 'suffixes of tags',
    files: {
      'all.yaml': stream(
        object('v1', 'Pod', 'p', {
          spec: { containers: ['a', 'b', 'c'].map((name) => ({ name, image: `${name}:1` })) },
        }),
      ),
      'kustomization.yaml': root({
        resources: ['all.yaml'],
        images: [
          { name: 'a', tagSuffix: '-x' },
          { name: 'b', tagSuffix: '-x', newTag: '2' },
          { name: 'c', tagSuffix: '-x', digest: 'sha256:3' },
        ],
      }),
    },
  },
  ...['configMapGenerator', 'secretGenerator'].map((field) => ({
    name: `kinds of what ${field} makes`,
    files: {
      'all.yaml': stream(object('v1', 'ConfigMap', 'c', config)),
      'kustomization.yaml': root({
        resources: ['all.yaml'],
        [field]: [{ name: 'made', literals: ['a=b'] }],
        patches: [
          { target: { kind: 'Secret' }, patch: json([{ op: 'replace', path: '/kind', value: 'Pod' }]) },
          { target: { kind: 'Widget' }, patch: json([{ op: 'replace', path: '/kind', value: 'Pod' }]) },
          { target: { name: 'made' }, patch: json([{ op: 'test', path: '/kind', value: 'Secret' }]) },
          {
            target: { name: 'made' },
            patch: json(object('v1', 'Pod', 'p')),
            options: { allowKindChange: true },
          },
          { target: { name: 'made' }, patch: json(object('v1', 'Pod', 'p')) },
        ],
      }),
    },
  })),
  {
    name: 'replacements of kinds',
    files: {
      'all.yaml': stream(object('v1', 'ConfigMap', 'c', config), object('example.com/v1', 'Widget', 'w')),
      'kustomization.yaml': root({
        resources: ['all.yaml'],
        replacements: ['kind', 'apiVersion', 'spec.kind'].map((path) => ({
          source: { kind: 'ConfigMap', name: 'c', fieldPath: 'data.a' },
          targets: [{ select: { kind: 'Widget' }, fieldPaths: [path] }],
        })),
      }),
    },
  },
  {
    name: 'fields that name files',
    files: {
      'all.yaml': stream(object('v1', 'ConfigMap', 'c', config)),
      'kustomization.yaml': root({
        resources: ['all.yaml', 'no-resource.yaml', 'https://example.com/remote'],
        bases: ['../outside'],
        components: ['no-component'],
        patches: [{ path: 'no-patch.yaml', target: { kind: 'ConfigMap' } }, { path: '' }, 'c: d\n'],
        patchesStrategicMerge: ['no-merge.yaml', 'a: b\n'],
        patchesJson6902: [{ path: 'no-operations.yaml', target: { kind: 'ConfigMap' } }],
        replacements: [{ path: 'no-replacement.yaml' }],
        configurations: ['no-configuration.yaml'],
        crds: ['no-definition.yaml'],
        generators: ['no-generator.yaml', 'made: here\n'],
        transformers: ['no-transformer.yaml', 'changed: here\n'],
        validators: ['no-validator.yaml', 'asked: here\n'],
      }),
    },
  },
  {
    name: 'folders in place of files',
    files: {
      'root/kustomization.yaml': root({
        resources: ['all.yaml'],
        validators: ['../settings'],
        generators: ['../settings'],
        transformers: ['../settings'],
        crds: ['../settings'],
      }),
      'root/all.yaml': stream(object('v1', 'ConfigMap', 'c', config)),
      'settings/kustomization.yaml': root({ resources: [] }),
    },
  },
  {
    name: 'charts',
    files: {
      'all.yaml': stream(object('v1', 'ConfigMap', 'c', config)),
      'kustomization.yaml': root({
        resources: ['all.yaml'],
        helmCharts: [{ name: 'a' }],
        helmChartInflationGenerator: [{ chartName: 'b' }],
      }),
    },
  },
  {
    name: 'generators of kustomize',
    files: {
      'all.yaml': stream(object('v1', 'ConfigMap', 'c', config)),
      'made.yaml': stream(
        object('builtin', 'ConfigMapGenerator', 'a', { literals: ['a=b'] }),
        object('builtin', 'SecretGenerator', 'b', { literals: ['a=b'] }),
      ),
      'other.yaml': stream(object('builtin', 'HelmChartInflationGenerator', 'a')),
      'kustomization.yaml': root({ resources: ['all.yaml'], generators: ['made.yaml', 'other.yaml'] }),
    },
  },
  {
    name: 'replacements',
    files: {
      'all.yaml': stream(...two('ConfigMap', 'v1', config), object('v1', 'Secret', 's', { data: { a: 'eA==' } })),
      'replacement.yaml': json([
        {
          source: { kind: 'Secret' },
          targets: [{ select: { kind: 'ConfigMap', name: 'two' }, fieldPaths: ['data.file'] }],
        },
        { sourceValue: 'x', targets: [{ select: { name: 's' }, fieldPaths: ['data.value'] }] },
      ]),
      'kustomization.yaml': root({
        resources: ['all.yaml'],
        replacements: [
          { path: 'replacement.yaml' },
          {
            source: { kind: 'Secret', name: 's', fieldPath: 'data.a' },
            targets: [{ select: { kind: 'ConfigMap', name: 'one' }, fieldPaths: ['data.inline'] }],
          },
        ],
      }),
    },
  },
  {
    name: 'a schema of its own',
    files: {
      'all.yaml': stream(object('example.com/v1', 'Widget', 'w', { spec: { items: [{ name: 'a' }] } })),
      'kustomization.yaml': root({
        resources: ['all.yaml'],
        openapi: { path: 'schema.json' },
        patches: [{ patch: json(object('example.com/v1', 'Widget', 'w', { spec: { items: [{ name: 'b' }] } })) }],
      }),
    },
  },
  {
    name: 'constraints with and without an action',
    files: {
      'all.yaml': stream(
        object('v1', 'Pod', 'p', { spec: { topologySpreadConstraints: [{ topologyKey: 'a', maxSkew: 1 }] } }),
      ),
      'kustomization.yaml': root({
        resources: ['all.yaml'],
        patches: [
          object('v1', 'Pod', 'p', {
            spec: { topologySpreadConstraints: [{ topologyKey: 'a', whenUnsatisfiable: 'DoNotSchedule' }] },
          }),
        ].map((patch) => ({ patch: json(patch) })),
      }),
    },
  },
  {
    name: 'objects that are included twice',
    files: {
      'a/kustomization.yaml': root({ resources: ['one.yaml', 'two.yaml'] }),
      'a/one.yaml': stream(object('v1', 'ConfigMap', 'twice', config), object('v1', 'ConfigMap', 'once', config)),
      'a/two.yaml': stream(object('v1', 'ConfigMap', 'twice', {}, { namespace: 'default' })),
      'b/kustomization.yaml': root({ resources: ['one.yaml', 'two.yaml'] }),
      'b/one.yaml': stream(object('v1', 'ConfigMap', 'same', config)),
      'b/two.yaml': stream(
        object('v1', 'ConfigMap', 'same', {}, { namespace: 'x' }),
        object('example.com/v1', 'ConfigMap', 'same'),
        object('v1', 'Secret', 'same'),
      ),
    },
  },
];
