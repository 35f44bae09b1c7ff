import { describe, expect, test } from 'vitest';
import { rulesOf } from '#model/frameworks.ts';
import { Workload } from '#rule';
import { breachesOf } from '#rule/pod-standards';
import { rules } from '../../src/rule/registry.ts';
import { lintTexts } from '../lint-texts.ts';

/*
 * The verdict of the presets pss-baseline and pss-restricted against the tables of the Kubernetes documentation, Pod
 * Security Standards (https://kubernetes.io/docs/concepts/security/pod-security-standards/), written down here again,
 * directly from the source: each row is restricted fields and allowed values. If the documentation does not give the
 * version, k8s.io/pod-security-admission does.
 */

type Json = null | string | number | boolean | readonly Json[] | { readonly [key: string]: Json };
type Fields = { readonly [key: string]: Json };

/** Values at a path; `*` stands for all items. A missing part gives undefined once. */
function at(value: unknown, path: string): unknown[] {
  let found: unknown[] = [value];
  for (const step of path.split('.'))
    found = found.flatMap((one) => {
      if (step === '*') return Array.isArray(one) ? one : [];
      return [one !== null && typeof one === 'object' ? (one as Record<string, unknown>)[step] : undefined];
    });
  return found;
}
const lists = ['containers', 'initContainers', 'ephemeralContainers'];
const inContainers = (path: string): string[] => lists.map((list) => `spec.${list}.*.${path}`);
const everywhere = (path: string): string[] => [`spec.${path}`, ...inContainers(path)];
const isUnset = (value: unknown): boolean => value === undefined || value === null;
const only =
  (...allowed: readonly unknown[]) =>
  (value: unknown): boolean =>
    isUnset(value) || allowed.includes(value);

const capabilities = [
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
];
const sysctls = (minor: number): string[] => [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  ...(minor >= 27 ? ['net.ipv4.ip_local_reserved_ports'] : []),
  ...(minor >= 29
    ? ['keepalive_time', 'fin_timeout', 'keepalive_intvl', 'keepalive_probes'].map((name) => `net.ipv4.tcp_${name}`)
    : []),
  ...(minor >= 32 ? ['net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem'] : []),
];
const handlers = ['livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle.postStart', 'lifecycle.preStop'];

function meetsBaseline(pod: Fields, minor: number): boolean {
  const ownUsers = minor >= 35 && at(pod, 'spec.hostUsers')[0] === false;
  const table: readonly (readonly [readonly string[], (value: unknown) => boolean])[] = [
    [everywhere('securityContext.windowsOptions.hostProcess'), only(false)],
    [['spec.hostNetwork', 'spec.hostPID', 'spec.hostIPC'], only(false)],
    [inContainers('securityContext.privileged'), only(false)],
    [inContainers('securityContext.capabilities.add.*'), only(...capabilities)],
    [['spec.volumes.*.hostPath'], isUnset],
    [inContainers('ports.*.hostPort'), only(0)],
    ...(minor >= 34
      ? handlers.flatMap((handler) =>
          ['httpGet', 'tcpSocket'].map((how) => [inContainers(`${handler}.${how}.host`), only('')] as const),
        )
      : []),
    [everywhere('securityContext.appArmorProfile.type'), only('RuntimeDefault', 'Localhost')],
    [
      everywhere('securityContext.seLinuxOptions.type'),
      only('', 'container_t', 'container_init_t', 'container_kvm_t', ...(minor >= 31 ? ['container_engine_t'] : [])),
    ],
    [
      [...everywhere('securityContext.seLinuxOptions.user'), ...everywhere('securityContext.seLinuxOptions.role')],
      only(''),
    ],
    [inContainers('securityContext.procMount'), (value) => ownUsers || only('Default')(value)],
    [everywhere('securityContext.seccompProfile.type'), only('RuntimeDefault', 'Localhost')],
    [['spec.securityContext.sysctls.*.name'], only(...sysctls(minor))],
  ];
  const annotations = Object.entries((at(pod, 'metadata.annotations')[0] ?? {}) as Record<string, string>);
  return (
    table.every(([paths, allows]) => paths.every((path) => at(pod, path).every(allows))) &&
    annotations.every(
      ([key, value]) =>
        !key.startsWith('container.apparmor.security.beta.kubernetes.io/') ||
        value === '' ||
        value === 'runtime/default' ||
        value.startsWith('localhost/'),
    )
  );
}

const volumeTypes = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
  'image',
];

function meetsRestricted(pod: Fields, minor: number): boolean {
  const ownUsers = minor >= 35 && at(pod, 'spec.hostUsers')[0] === false;
  const windows = at(pod, 'spec.os.name')[0] === 'windows';
  const containers = lists.flatMap((list) => at(pod, `spec.${list}.*`));
  const own = (one: unknown, field: string): unknown => at(one, `securityContext.${field}`)[0];
  const ofPod = (field: string): unknown => own(at(pod, 'spec')[0], field);
  const isConfined = only('RuntimeDefault', 'Localhost');
  return (
    meetsBaseline(pod, minor) &&
    at(pod, 'spec.volumes.*').every((volume) =>
      Object.keys(volume as object).every((key) => key === 'name' || volumeTypes.includes(key)),
    ) &&
    (windows || containers.every((one) => own(one, 'allowPrivilegeEscalation') === false)) &&
    (ownUsers ||
      (only(true)(ofPod('runAsNonRoot')) &&
        containers.every((one) => (own(one, 'runAsNonRoot') ?? ofPod('runAsNonRoot')) === true))) &&
    (ownUsers || [ofPod('runAsUser'), ...containers.map((one) => own(one, 'runAsUser'))].every((user) => user !== 0)) &&
    (windows ||
      containers.every((one) => {
        const type = own(one, 'seccompProfile.type') ?? ofPod('seccompProfile.type');
        return !isUnset(type) && isConfined(type);
      })) &&
    (windows ||
      containers.every(
        (one) =>
          at(one, 'securityContext.capabilities.drop.*').includes('ALL') &&
          at(one, 'securityContext.capabilities.add.*').every((name) => name === 'NET_BIND_SERVICE'),
      )) &&
    (minor < 35 || containers.every((one) => only('Default')(own(one, 'procMount'))))
  );
}

const profiles = ['RuntimeDefault', 'Localhost', 'Unconfined'].map((type): Fields => ({
  type,
  ...(type === 'Localhost' ? { localhostProfile: 'a' } : {}),
}));
const contextValues: Readonly<Record<string, readonly Json[]>> = {
  windowsOptions: [{}, { hostProcess: true }, { hostProcess: false }],
  appArmorProfile: profiles,
  seccompProfile: profiles,
  seLinuxOptions: [
    ...['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t', 'spc_t'].map((type) => ({
      type,
    })),
    { user: 'system_u' },
    { role: 'system_r' },
    { user: '', role: '', level: 's0' },
  ],
  runAsNonRoot: [true, false],
  runAsUser: [0, 1000],
};
const containerValues: Readonly<Record<string, readonly Json[]>> = {
  ...contextValues,
  privileged: [true, false],
  allowPrivilegeEscalation: [true, false],
  procMount: ['Default', 'Unmasked'],
  capabilities: [
    {},
    { drop: ['ALL'] },
    { drop: ['NET_RAW'] },
    ...[...capabilities, 'SYS_ADMIN', 'NET_RAW', 'ALL', 'NET_ADMIN'].flatMap((name) => [
      { add: [name] },
      { drop: ['ALL'], add: ['NET_BIND_SERVICE', name] },
    ]),
  ],
};
const podValues: Readonly<Record<string, readonly Json[]>> = {
  hostNetwork: [true, false],
  hostPID: [true, false],
  hostIPC: [true, false],
  hostUsers: [true, false],
  os: [{ name: 'linux' }, { name: 'windows' }],
  volumes: [
    ...['/', '/var/run/docker.sock', '/var/log', '/opt/data'].map((path) => [{ name: 'v', hostPath: { path } }]),
    ...volumeTypes.map((type) => [{ name: 'v', [type]: {} }]),
    ...[
      'awsElasticBlockStore',
      'azureDisk',
      'azureFile',
      'cephfs',
      'cinder',
      'fc',
      'flexVolume',
      'flocker',
      'gcePersistentDisk',
      'gitRepo',
      'glusterfs',
      'iscsi',
      'nfs',
      'photonPersistentDisk',
      'portworxVolume',
      'quobyte',
      'rbd',
      'scaleIO',
      'storageos',
      'vsphereVolume',
    ].map((type) => [{ name: 'v', [type]: {} }]),
  ],
};
const portValues: readonly Json[] = [
  [{ containerPort: 80 }],
  [{ containerPort: 80, hostPort: 0 }],
  [{ containerPort: 80, hostPort: 8080 }],
];
const probeValues: readonly Fields[] = handlers.flatMap((handler) =>
  ['', '127.0.0.1'].flatMap((host) =>
    ['httpGet', 'tcpSocket'].map((how) => {
      const action = { [how]: { port: 80, host } };
      const [first = '', second] = handler.split('.');
      return { [first]: second === undefined ? action : { [second]: action } };
    }),
  ),
);

const tight: Fields = {
  allowPrivilegeEscalation: false,
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
  capabilities: { drop: ['ALL'] },
};
const without = (fields: Fields, key: string): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => name !== key));

/** Pods that differ in one or two fields from one that meets everything, and from one that sets nothing. */
function* generatePods(): Generator<Fields> {
  const containersOf = (odd: Fields, base: Fields): Fields[] =>
    lists.map((list) => ({
      containers: [{ name: 'app', image: 'a', ...(list === 'containers' ? odd : { securityContext: base }) }],
      ...(list === 'containers' ? {} : { [list]: [{ name: 'odd', image: 'a', ...odd }] }),
    }));
  for (const base of [tight, {}]) {
    const whole = { containers: [{ name: 'app', image: 'a', securityContext: base }] };
    yield whole;
    for (const key of Object.keys(base))
      for (const spec of containersOf({ securityContext: without(base, key) }, base)) yield spec;
    for (const [key, values] of Object.entries(podValues)) for (const value of values) yield { ...whole, [key]: value };
    for (const [key, values] of Object.entries(containerValues))
      for (const value of values)
        for (const spec of containersOf({ securityContext: { ...base, [key]: value } }, base)) {
          yield spec;
          for (const hostUsers of [true, false]) yield { ...spec, hostUsers };
          if (key !== 'windowsOptions') yield { ...spec, securityContext: { seccompProfile: { type: 'Localhost' } } };
        }
    for (const extra of [...portValues.map((ports): Fields => ({ ports })), ...probeValues])
      for (const spec of containersOf({ securityContext: base, ...extra }, base)) {
        if ('ports' in extra || !('ephemeralContainers' in spec)) yield spec;
        if ('ports' in extra) yield { ...spec, hostNetwork: true };
      }
    for (const name of [...sysctls(99), 'kernel.msgmax', 'net.core.somaxconn'])
      yield { ...whole, securityContext: { sysctls: [{ name, value: '1' }] } };
    // The same field in the pod and in its containers.
    for (const [key, values] of Object.entries(contextValues))
      for (const value of values)
        for (const own of [undefined, ...values])
          for (const other of [undefined, ...values]) {
            const context = (one: Json | undefined): Fields =>
              one === undefined ? without(base, key) : { ...base, [key]: one };
            yield {
              securityContext: { [key]: value },
              containers: [{ name: 'app', image: 'a', securityContext: context(own) }],
              initContainers: [{ name: 'odd', image: 'a', securityContext: context(other) }],
            };
          }
  }
  // A Windows pod has no Linux fields: the API server rejects them.
  for (const own of [{}, { runAsNonRoot: true }, { windowsOptions: { hostProcess: true } }])
    for (const more of [{}, { hostNetwork: true }, { securityContext: { runAsNonRoot: true } }])
      yield { os: { name: 'windows' }, containers: [{ name: 'app', image: 'a', securityContext: own }], ...more };
}
const annotated = ['', 'runtime/default', 'localhost/a', 'unconfined', 'odd'].map((profile) => ({
  'container.apparmor.security.beta.kubernetes.io/app': profile,
}));

const pods: readonly Fields[] = [
  ...[...generatePods()].map((spec): Fields => ({ metadata: {}, spec })),
  ...annotated.map((annotations): Fields => ({
    metadata: { annotations },
    spec: { containers: [{ name: 'app', image: 'a', securityContext: tight }] },
  })),
].map((pod, i) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  ...pod,
  metadata: { ...(pod['metadata'] as Fields), name: `pod-${i}`, namespace: i % 2 === 0 ? 'shop' : 'kube-system' },
}));
const text = pods.map((pod) => JSON.stringify(pod)).join('\n---\n');
const nameOf = (pod: Fields): string => String(at(pod, 'metadata.name')[0]);

describe.each([
  ['pss-baseline', 'baseline', meetsBaseline],
  ['pss-restricted', 'restricted', meetsRestricted],
] as const)('%s', (preset, level, meets) => {
  const chosen = rulesOf(preset);
  const active = rules
    .filter(({ id }) => chosen.has(id))
    .map((rule) => ({
      ...rule,
      options: Object.fromEntries(
        Object.entries(rule.options ?? {}).map(([name, option]) => {
          const wanted = chosen.get(rule.id)?.[name];
          return [name, wanted === undefined ? option : { ...option, default: wanted }];
        }),
      ),
    })) as unknown as typeof rules;

  test.each([34, 36])('judges each pod as the standard of 1.%i does', async (minor) => {
    const { findings, workspace, crashes, undetermined } = await lintTexts({ 'pods.yaml': text }, active, {
      target: `1.${minor}`,
    });
    expect(crashes).toEqual([]);
    expect(undetermined).toEqual([]);
    const failed = new Set(findings.map(({ subject }) => subject.name));
    const wrong = pods
      .filter((pod) => failed.has(nameOf(pod)) === meets(pod, minor))
      .map((pod) => `${meets(pod, minor) ? 'meets' : 'breaks'} ${JSON.stringify(pod['spec'])}`);
    expect(wrong).toEqual([]);
    const met = pods.filter((pod) => meets(pod, minor)).length;
    expect(met).toBeGreaterThan(100);
    expect(pods.length - met).toBeGreaterThan(100);

    const breached = new Set(
      workspace.resources
        .filter((one) => one instanceof Workload)
        .filter((one) => breachesOf(one, level, minor).length > 0)
        .map(({ name }) => name),
    );
    expect(
      pods.filter((pod) => breached.has(nameOf(pod)) === meets(pod, minor)).map((pod) => JSON.stringify(pod['spec'])),
    ).toEqual([]);
  });
});
