import { defineRule } from '#rule';
import { imageFault, isAllowedImage, isFilledIn, parseImage, retiredSource } from '#rule/image';
import { texts } from '#rule/shape';

export default defineRule({
  title: 'Image should not be pulled from Docker Hub directly',
  severity: 'low',
  preset: 'strict',
  kinds: ['Workload'],
  scope: 'resource',
  fix: 'suggestion: use public.ecr.aws/docker/library for official images',
  messages: {
    hub: '{puller} of {workload} pulls "{image}" from Docker Hub, so rate limits can prevent its pods from starting',
  },
  help: 'Use public.ecr.aws or an ECR pull-through cache, e.g. public.ecr.aws/docker/library/nginx',
  equivalents: ['trivy:KSV-0034'],
  sources: ['Docker Hub documentation, Usage and limits', 'EKS Best Practices Guide, Security'],
  check(workload, { judges, report }) {
    const allowed = judges('images/registry-not-allowed')?.['allowed'];
    const told = Array.isArray(allowed) && allowed.length > 0 ? texts(allowed) : undefined;
    for (const { puller, image: written, on, key } of workload.images) {
      const image = written?.trim() ?? '';
      if (image === '' || isFilledIn(image) || imageFault(image) !== undefined) continue;
      const reference = parseImage(image);
      if (reference.registry !== 'docker.io') continue;
      if (judges('images/retired-registry') && retiredSource(reference) !== undefined) continue;
      if (told && !isAllowedImage(image, told)) continue;
      const { repository, tag, digest } = reference;
      const official = repository.startsWith('library/') && digest === undefined;
      const value = `public.ecr.aws/docker/${repository}${tag === undefined ? '' : `:${tag}`}`;
      report({
        message: 'hub',
        data: { puller, workload: workload.title, image: image.slice(0, 200) },
        on,
        key,
        ...(official ? { fix: { safe: false, edits: [{ op: 'set' as const, on, key, value }] } } : {}),
      });
    }
  },
});
