import { defineRule } from '#rule';
import { floatingTags, imageFault, isBuiltBySkaffold, isFloating, parseImage } from '#rule/image';
import { isHelmTest } from '#rule/pod';

/**
 * The distribution reference grammar has no uppercase letters in a repository; `$IMAGE` and `__IMAGE__` are
 * placeholders of a tool that we do not know.
 */
const repositoryForm = /^[a-z0-9][a-z0-9._/-]*$/;

export default defineRule({
  title: 'Image should have a fixed tag',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  scope: 'workspace',
  options: {
    floating: {
      type: 'array',
      items: { type: 'string' },
      default: floatingTags,
      description: 'Tags that change over time.',
    },
  },
  messages: {
    untagged: '{puller} of {workload} uses "{image}" without a tag (latest), so nodes may run different versions',
    floating: '{puller} of {workload} uses the mutable tag "{tag}" ("{image}"), so nodes may run different versions',
  },
  help: 'Use a version tag or a digest, e.g. image: {image}@sha256:<digest>',
  equivalents: [
    'kube-linter:latest-tag',
    'kube-score:container-image-tag',
    'polaris:tagNotSpecified',
    'checkov:CKV_K8S_14',
    'trivy:KSV-0013',
    'kubescape:C-0075',
    'popeye:100',
    'popeye:101',
    'prowler:core_image_tag_fixed',
    'monokle:KBP001',
    'monokle:KBP116',
    'kics:Invalid Image Tag',
  ],
  sources: ['Kubernetes documentation, Configuration good practices', 'EKS Best Practices Guide, Security'],
  check(workload, { judges, options, report, undetermined, workspace }) {
    if (isHelmTest(workload)) return;
    for (const { puller, image: written, on, key } of workload.images) {
      const image = written?.trim();
      if (image === undefined || image === '') continue;
      if (!isFloating(image, options.floating) || isBuiltBySkaffold(image, workspace)) continue;
      const { repository, tag } = parseImage(image);
      const place = { on, key };
      const data = { puller, workload: workload.title, image: image.slice(0, 200) };
      // An invalid reference is not pulled at all.
      if (tag === undefined && judges('images/invalid-reference') && imageFault(image) !== undefined) continue;
      if (tag !== undefined) report({ message: 'floating', data: { ...data, tag }, ...place });
      else if (repositoryForm.test(repository)) report({ message: 'untagged', data, ...place });
      else undetermined('the image is not a valid reference, so another tool must set it', place);
    }
  },
});
