import { defineRule } from '#rule';
import { imageFault, isAllowedImage, isFilledIn, isFloating, parseImage } from '#rule/image';
import { texts } from '#rule/shape';

export default defineRule({
  title: 'Image should be pinned by digest',
  severity: 'low',
  preset: 'strict',
  kinds: ['Workload'],
  scope: 'resource',
  options: {
    exempt: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'Registries and repositories whose images need no digest, e.g. registry.example.com/shop.',
    },
  },
  messages: {
    missing: '{puller} of {workload} uses "{image}" without a digest, so its content can change if the tag is moved',
  },
  help: 'Append the digest to the tag: image: {image}@sha256:<digest>',
  equivalents: ['checkov:CKV_K8S_43', 'kubescape:C-0306', 'kics:Image Without Digest'],
  sources: ['EKS Best Practices Guide, Security'],
  check(workload, { judges, options, report }) {
    const floating = judges('images/mutable-tag')?.['floating'];
    const told = Array.isArray(floating) ? texts(floating) : undefined;
    for (const { puller, image: written, on, key } of workload.images) {
      const image = written?.trim() ?? '';
      if (image === '' || isFilledIn(image) || isAllowedImage(image, options.exempt)) continue;
      const fault = imageFault(image);
      // A malformed digest pins nothing; any other invalid reference is a tool's placeholder, or reported by its own
      // rule.
      const malformed = fault !== undefined && /@sha\d{3}:/.test(image);
      if (fault === undefined ? parseImage(image).digest !== undefined : !malformed) continue;
      if (malformed && judges('images/invalid-reference')) continue;
      if (told && isFloating(image, told)) continue;
      report({
        message: 'missing',
        data: { puller, workload: workload.title, image: image.slice(0, 200) },
        on,
        key,
      });
    }
  },
});
