/** An API version of a custom resource that its component no longer serves. */
export interface ComponentApi {
  readonly component: string;
  /** The first release of the component that does not serve it. */
  readonly removed: string;
  /** The apiVersion to move to. */
  readonly replacement: string;
}

/**
 * `component apiVersion kinds removed replacement`. Sources: release notes of cert-manager (0.11, 1.6), Istio (1.6),
 * Gateway API (0.6, 1.1) and external-snapshotter (4.0, 7.0).
 */
const table = `
cert-manager certmanager.k8s.io/v1alpha1 Certificate,Issuer,ClusterIssuer,CertificateRequest,Order,Challenge 0.11 cert-manager.io/v1
cert-manager cert-manager.io/v1alpha2 Certificate,Issuer,ClusterIssuer,CertificateRequest 1.6 cert-manager.io/v1
cert-manager acme.cert-manager.io/v1alpha2 Order,Challenge 1.6 acme.cert-manager.io/v1
cert-manager cert-manager.io/v1alpha3 Certificate,Issuer,ClusterIssuer,CertificateRequest 1.6 cert-manager.io/v1
cert-manager acme.cert-manager.io/v1alpha3 Order,Challenge 1.6 acme.cert-manager.io/v1
cert-manager cert-manager.io/v1beta1 Certificate,Issuer,ClusterIssuer,CertificateRequest 1.6 cert-manager.io/v1
cert-manager acme.cert-manager.io/v1beta1 Order,Challenge 1.6 acme.cert-manager.io/v1
istio rbac.istio.io/v1alpha1 ServiceRole,ServiceRoleBinding,ClusterRbacConfig 1.6 security.istio.io/v1
istio authentication.istio.io/v1alpha1 Policy,MeshPolicy 1.6 security.istio.io/v1
gateway-api gateway.networking.k8s.io/v1alpha2 Gateway,GatewayClass,HTTPRoute 1.1 gateway.networking.k8s.io/v1
gateway-api gateway.networking.k8s.io/v1alpha2 ReferenceGrant 1.1 gateway.networking.k8s.io/v1beta1
gateway-api gateway.networking.k8s.io/v1alpha2 ReferencePolicy 0.6 gateway.networking.k8s.io/v1beta1
external-snapshotter snapshot.storage.k8s.io/v1alpha1 VolumeSnapshot,VolumeSnapshotClass,VolumeSnapshotContent 4.0 snapshot.storage.k8s.io/v1
external-snapshotter snapshot.storage.k8s.io/v1beta1 VolumeSnapshot,VolumeSnapshotClass,VolumeSnapshotContent 7.0 snapshot.storage.k8s.io/v1
`;

let index: Map<string, ComponentApi> | undefined;

/** What is known about an API version that a component no longer serves; undefined for all others. */
export function retiredApi(apiVersion: string, kind: string): ComponentApi | undefined {
  if (!index) {
    // Most runs meet none of them, and one look is cheaper than an index.
    if (!table.includes(` ${apiVersion} `)) return undefined;
    index = new Map();
    for (const line of table.trim().split('\n')) {
      const [component = '', version = '', kinds = '', removed = '', replacement = ''] = line.split(' ');
      for (const one of kinds.split(',')) index.set(`${version} ${one}`, { component, removed, replacement });
    }
  }
  return index.get(`${apiVersion} ${kind}`);
}
