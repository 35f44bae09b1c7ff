import { defineRule } from '#rule';
import { imageFault, isAllowedImage, isFilledIn } from '#rule/image';

export default defineRule({
  title: 'Image should come from an allowed registry',
  severity: 'medium',
  preset: 'opt-in',
  kinds: ['Workload'],
  scope: 'resource',
  options: {
    allowed: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description:
        'Registries and repositories, e.g. registry.example.com/shop; * matches any text within a path segment.',
    },
  },
  messages: {
    foreign: '{puller} of {workload} uses "{image}" from a registry that is not allowed, so it is outside your control',
  },
  help: 'Copy the image to an allowed registry, or add its registry to the option allowed',
  equivalents: [
    'kubescape:C-0001',
    'kubescape:C-0078',
    'popeye:113',
    'trivy:KSV-0125',
    'trivy:KSV-0034',
    'trivy:KSV-0035',
    'cis-eks-1.7:5.1.4',
  ],
  sources: ['CIS Amazon EKS Benchmark 1.7', 'EKS Best Practices Guide, Security'],
  check(workload, { options, report }) {
    if (options.allowed.length === 0) return;
    for (const { puller, image: written, on, key } of workload.images) {
      const image = written?.trim() ?? '';
      if (
        image === '' ||
        isFilledIn(image) ||
        imageFault(image) !== undefined ||
        isAllowedImage(image, options.allowed)
      )
        continue;
      report({
        message: 'foreign',
        data: { puller, workload: workload.title, image: image.slice(0, 200) },
        on,
        key,
      });
    }
  },
});
