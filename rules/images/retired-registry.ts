import { defineRule } from '#rule';
import { type ImageReference, parseImage, retiredSource } from '#rule/image';

/** The same image on the registry to which the Kubernetes project moved. */
const movedTo = (image: string, { registry }: ImageReference): string | undefined =>
  /(?:^|\.)k8s\.gcr\.io$/.test(registry) ? `registry.k8s.io${image.trim().slice(registry.length)}` : undefined;

export default defineRule({
  title: 'Image must not come from a retired registry',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Workload'],
  scope: 'resource',
  fix: 'suggestion: replace k8s.gcr.io with registry.k8s.io',
  messages: {
    retired:
      '{puller} of {workload} uses "{image}" from {source}, which is retired, so the image gets no fixes and may disappear',
  },
  help: "Use the project's current registry, e.g. registry.k8s.io for Kubernetes images",
  equivalents: ['kubescape:C-0253'],
  sources: ['Kubernetes blog, registry.k8s.io freeze; Bitnami catalogue notice'],
  check(workload, { report }) {
    // EKS components there are not the user's.
    if (workload.live && workload.namespace === 'kube-system') return;
    for (const { puller, image, on, key } of workload.images) {
      if (image === undefined) continue;
      const reference = parseImage(image.trim());
      const source = retiredSource(reference);
      if (source === undefined) continue;
      const moved = movedTo(image, reference);
      report({
        message: 'retired',
        data: {
          puller,
          workload: workload.title,
          image: image.trim().slice(0, 200),
          source,
        },
        on,
        key,
        ...(moved === undefined
          ? {}
          : { fix: { safe: false, edits: [{ op: 'set' as const, on, key, value: moved }] } }),
      });
    }
  },
});
