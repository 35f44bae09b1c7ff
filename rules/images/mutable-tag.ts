import { defineRule, type Workspace } from '#rule';
import { parseImage } from '#rule/image';
import { isRecord, list, text } from '#rule/shape';

/** Images that another tool fills in: templates (they have their own rule), ko, and the name that Istio's webhook replaces. */
const placeholder = /\{\{|\{%|\$\{|\$\(|<[^<>]*>|^(?:REPLACE_?ME|TODO)$|^ko:\/\/|^auto$/;
/** The distribution reference grammar has no capitals in a repository; `$IMAGE` and `__IMAGE__` are placeholders of a tool that we do not know. */
const repositoryForm = /^[a-z0-9][a-z0-9._/-]*$/;

/** The name of an image without its tag. */
const nameOf = (image: string): string => {
  const { registry, repository } = parseImage(image);
  return `${registry}/${repository}`;
};

/** Names of the images that a `build` section of skaffold builds: it deploys them with its own tag. */
function artifactsOf(build: unknown): readonly string[] {
  const artifacts: unknown = isRecord(build) ? build['artifacts'] : undefined;
  return Array.isArray(artifacts)
    ? list<Record<string, unknown>>(artifacts).flatMap((one) => text(one['image']) ?? [])
    : [];
}

const builtBySkaffold = (workspace: Workspace): readonly string[] =>
  workspace.all('Config').flatMap(({ group, object }) => {
    if (group !== 'skaffold') return [];
    const profiles = object['profiles'];
    const builds = [
      object['build'],
      ...(Array.isArray(profiles) ? list<Record<string, unknown>>(profiles).map((one) => one['build']) : []),
    ];
    return builds.flatMap(artifactsOf).map(nameOf);
  });

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
      default: ['latest', 'stable', 'main', 'master', 'edge', 'nightly', 'dev', 'canary'],
      description: 'Tags that change over time.',
    },
  },
  messages: {
    untagged:
      'Container "{container}" of {workload} uses "{image}" without a tag (latest), so nodes may run different versions',
    floating:
      'Container "{container}" of {workload} uses the mutable tag "{tag}" ("{image}"), so nodes may run different versions',
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
  check(workload, { options, report, undetermined, workspace }) {
    let built: readonly string[] | undefined;
    for (const container of workload.containers) {
      const image = container.image?.trim();
      if (image === undefined || image === '') continue;
      const { repository, tag, digest } = parseImage(image);
      const place = { on: container.object, key: 'image' };
      if (digest !== undefined || (tag === undefined ? placeholder.test(image) : !options.floating.includes(tag)))
        continue;
      built ??= builtBySkaffold(workspace);
      if (built.includes(nameOf(image))) continue;
      const data = { container: container.name, workload: workload.title, image: image.slice(0, 200) };
      if (tag !== undefined) report({ message: 'floating', data: { ...data, tag }, ...place });
      else if (repositoryForm.test(repository)) report({ message: 'untagged', data, ...place });
      else undetermined('the image is not a valid reference, so another tool must fill it in', place);
    }
  },
});
