import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bin, folderWith } from './ekslint.ts';

/* A cluster of 100,000 pods, from an API-like server that generates them page by page. */

const pods = 100_000;
const workloads = 2_000;
const namespaces = 200;
const podSpec = (d: number, token: string): object => ({
  volumes: [{ name: `kube-api-access-${token}`, projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } }],
  containers: ['app', 'proxy'].map((name) => ({
    name,
    image: `123456789012.dkr.ecr.eu-west-1.amazonaws.com/service-${d}:1.${d % 7}.0`,
    ports: [{ containerPort: 8080, protocol: 'TCP' }],
    env: Array.from({ length: 8 }, (_, k) => ({ name: `VARIABLE_${k}`, value: `value-${k}-of-${d}` })),
    resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
    volumeMounts: [{ name: `kube-api-access-${token}`, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }],
    livenessProbe: { httpGet: { path: '/healthz', port: 8080, scheme: 'HTTP' }, periodSeconds: 10 },
    imagePullPolicy: 'IfNotPresent',
    securityContext: { allowPrivilegeEscalation: false },
  })),
  serviceAccountName: 'default',
  nodeName: `ip-10-0-${d % 250}-1.eu-west-1.compute.internal`,
  tolerations: [
    { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
  ],
});
const controller = (kind: string, name: string) => [
  { apiVersion: 'apps/v1', kind, name, uid: `${kind}-${name}`, controller: true },
];
const podOf = (i: number): object => {
  const d = i % workloads;
  const token = i.toString(36).padStart(5, 'b');
  return {
    metadata: {
      name: `service-${d}-6b8f9c7d5-${token}`,
      generateName: `service-${d}-6b8f9c7d5-`,
      namespace: `team-${d % namespaces}`,
      uid: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
      labels: { app: `service-${d}`, 'pod-template-hash': '6b8f9c7d5' },
      // What a network plugin writes into each pod.
      annotations: { 'cni.example.org/ip': `10.${i % 250}.${i % 251}.${i % 253}`, 'cni.example.org/id': String(i) },
      ownerReferences: controller('ReplicaSet', `service-${d}-6b8f9c7d5`),
      managedFields: [
        {
          manager: 'kubelet',
          fieldsV1: Object.fromEntries(Array.from({ length: 60 }, (_, k) => [`f:field-${k}`, {}])),
        },
      ],
    },
    spec: podSpec(d, token),
    status: {
      phase: 'Running',
      podIP: '10.0.0.2',
      containerStatuses: ['app', 'proxy'].map((name) => ({
        name,
        ready: true,
        imageID: 'x'.repeat(100),
        containerID: 'y'.repeat(80),
      })),
    },
  };
};
const nameOf = (kind: string, d: number): string => (kind === 'Deployment' ? `service-${d}` : `service-${d}-6b8f9c7d5`);
const ownerOf = (kind: string) => (d: number) => ({
  metadata: {
    name: nameOf(kind, d),
    uid: `${kind}-${nameOf(kind, d)}`,
    namespace: `team-${d % namespaces}`,
    ...(kind === 'Deployment' ? {} : { ownerReferences: controller('Deployment', `service-${d}`) }),
  },
  spec: {
    replicas: pods / workloads,
    selector: { matchLabels: { app: `service-${d}` } },
    template: { metadata: { labels: { app: `service-${d}` } }, spec: podSpec(d, 'aaaaa') },
  },
});
const lists: Readonly<Record<string, readonly [count: number, make: (at: number) => object]>> = {
  '/api/v1/pods': [pods, podOf],
  '/api/v1/namespaces': [namespaces, (i) => ({ metadata: { name: `team-${i}` } })],
  '/api/v1/services': [
    workloads,
    (d) => ({
      metadata: { name: `service-${d}`, namespace: `team-${d % namespaces}` },
      spec: { selector: { app: `service-${d}` }, ports: [{ port: 80, targetPort: 8080 }] },
    }),
  ],
  '/apis/apps/v1/deployments': [workloads, ownerOf('Deployment')],
  '/apis/apps/v1/replicasets': [workloads, ownerOf('ReplicaSet')],
};
const group = (name: string, kinds: readonly (readonly [string, string])[]) => ({
  kind: 'APIGroupDiscoveryList',
  items: [
    {
      metadata: { name },
      versions: [
        {
          version: 'v1',
          freshness: 'Current',
          resources: kinds.map(([resource, kind]) => ({
            resource,
            responseKind: { kind },
            scope: resource === 'namespaces' ? 'Cluster' : 'Namespaced',
            verbs: ['get', 'list'],
          })),
        },
      ],
    },
  ],
});
const answers: Readonly<Record<string, object>> = {
  '/version': { gitVersion: 'v1.34.1-eks-1' },
  '/api': group('', [
    ['pods', 'Pod'],
    ['namespaces', 'Namespace'],
    ['services', 'Service'],
  ]),
  '/apis': group('apps', [
    ['deployments', 'Deployment'],
    ['replicasets', 'ReplicaSet'],
  ]),
  '/api/v1/namespaces/kube-system': { metadata: { uid: 'u' } },
};

const most = 512;

test(`an audit of 100,000 pods takes less than ${most} MB`, async () => {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://x');
    const [count, make] = lists[url.pathname] ?? [];
    const at = Number(url.searchParams.get('continue') ?? 0);
    const end = Math.min(at + Number(url.searchParams.get('limit')), count ?? 0);
    const body = make
      ? {
          metadata: end < (count ?? 0) ? { continue: String(end) } : {},
          items: Array.from({ length: end - at }, (_, i) => make(at + i)),
        }
      : answers[url.pathname];
    response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body ?? { message: 'not found' }));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const folder = folderWith({
    'kubeconfig.json': JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'large',
      clusters: [{ name: 'large', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'large', user: { token: 'x' } }],
      contexts: [{ name: 'large', context: { cluster: 'large', user: 'large' } }],
    }),
    'measure.cjs':
      "process.on('exit', () => require('fs').writeSync(2, `\\nmaxrss ${process.resourceUsage().maxRSS} kB\\n`));",
  });
  const words = ['audit', '--no-aws', '--kubeconfig', 'kubeconfig.json', '--no-config', '--fail-on', 'never'];
  const said = await new Promise<{ readonly code: number | null; readonly err: string }>((done) => {
    const child = spawn(
      process.execPath,
      ['-r', join(folder, 'measure.cjs'), bin, ...words, '-f', 'json=report.json', '-f', 'text'],
      { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], env: { PATH: process.env['PATH'] } },
    );
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.on('close', (code) => done({ code, err }));
  });
  server.close();
  expect(said).toMatchObject({ code: 0 });
  const kilobytes = Number(/maxrss (\d+) kB/.exec(said.err)?.[1]);
  expect(kilobytes).toBeGreaterThan(50_000);
  expect(kilobytes).toBeLessThan(most * 1024);
}, 300_000);
