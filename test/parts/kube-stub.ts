import { createServer, type Server } from 'node:http';
import type { Json } from '../sample-objects.ts';

/** A Kubernetes-like API server with a few objects. `denied`: plurals that may not be listed. */
export interface KubeStub {
  readonly url: string;
  readonly asked: string[];
  denied: ReadonlySet<string>;
  /** Whether it accepts the token of a request. */
  takes: (token: string) => boolean;
  stop(): void;
}

const all = [
  { group: '', kind: 'ConfigMap', resource: 'configmaps' },
  { group: '', kind: 'ServiceAccount', resource: 'serviceaccounts' },
  { group: '', kind: 'Pod', resource: 'pods' },
  { group: '', kind: 'Namespace', resource: 'namespaces' },
  { group: '', kind: 'PersistentVolume', resource: 'persistentvolumes' },
  { group: '', kind: 'Service', resource: 'services' },
  { group: 'apps', kind: 'Deployment', resource: 'deployments' },
  { group: 'gateway.networking.k8s.io', kind: 'Gateway', resource: 'gateways' },
  { group: 'karpenter.k8s.aws', kind: 'EC2NodeClass', resource: 'ec2nodeclasses' },
  { group: 'secrets-store.csi.x-k8s.io', kind: 'SecretProviderClass', resource: 'secretproviderclasses' },
  { group: 'vpcresources.k8s.aws', kind: 'SecurityGroupPolicy', resource: 'securitygrouppolicies' },
];
const clusterScoped = new Set(['Namespace', 'PersistentVolume', 'EC2NodeClass']);

export async function startKubeStub(objects: readonly Json[]): Promise<KubeStub> {
  // ConfigMaps are served if a test has one.
  const kinds = all.filter(({ kind }) => kind !== 'ConfigMap' || objects.some((one) => one['kind'] === kind));
  const groupsOf = (path: string): Json[] =>
    [...new Set(kinds.map(({ group }) => group))]
      .filter((group) => (group === '') === (path === '/api'))
      .map((group) => ({
        metadata: group === '' ? {} : { name: group },
        versions: [
          {
            version: 'v1',
            freshness: 'Current',
            resources: kinds
              .filter((one) => one.group === group)
              .map(({ kind, resource }) => ({
                resource,
                responseKind: { kind },
                scope: clusterScoped.has(kind) ? 'Cluster' : 'Namespaced',
                verbs: ['get', 'list'],
              })),
          },
        ],
      }));
  const server: Server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://x');
    stub.asked.push(`${request.method} ${pathname}`);
    const send = (body: unknown, status = 200): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    if (!stub.takes(String(request.headers.authorization).replace('Bearer ', ''))) return send({ kind: 'Status' }, 401);
    if (pathname === '/version') return send({ gitVersion: 'v1.33.4-eks-1' });
    if (pathname === '/api/v1/namespaces/kube-system') return send({ metadata: { name: 'kube-system', uid: 'u-1' } });
    if (pathname === '/api' || pathname === '/apis')
      return send({ kind: 'APIGroupDiscoveryList', items: groupsOf(pathname) });
    const found = kinds.find(
      ({ group, resource }) => pathname === `${group === '' ? '/api/v1' : `/apis/${group}/v1`}/${resource}`,
    );
    if (!found) return send({ kind: 'Status', code: 404 }, 404);
    if (stub.denied.has(found.resource)) return send({ kind: 'Status', code: 403, reason: 'Forbidden' }, 403);
    return send({ kind: `${found.kind}List`, metadata: {}, items: objects.filter(({ kind }) => kind === found.kind) });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const stub: KubeStub = {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    asked: [],
    denied: new Set(),
    takes: () => true,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return stub;
}
