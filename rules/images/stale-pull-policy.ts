import { defineRule } from '#rule';
import { isBuiltBySkaffold, isFloating } from '#rule/image';
import { isHelmTest } from '#rule/pod';

export default defineRule({
  title: 'Image with a mutable tag should always be pulled',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['imagePullPolicy'],
  scope: 'workspace',
  fix: 'suggestion: set imagePullPolicy to Always',
  messages: {
    floating:
      'Container "{container}" of {workload} uses "{image}" (mutable) with imagePullPolicy: {policy}, so nodes keep the version that they pulled first',
    never:
      'Container "{container}" of {workload} sets imagePullPolicy: Never, so it starts only on nodes that already have "{image}"',
  },
  help: {
    floating: 'Use a version tag or a digest, or set imagePullPolicy: Always',
    never: 'Push the image to a registry, and set imagePullPolicy: IfNotPresent',
  },
  equivalents: ['kubescape:C-0075'],
  sources: ['Kubernetes documentation, Configuration good practices'],
  check(workload, { report, workspace }) {
    if (isHelmTest(workload)) return;
    for (const { object, name, image: written } of workload.containers) {
      const image = written?.trim() ?? '';
      const policy: unknown = object.imagePullPolicy;
      if (image === '' || (policy !== 'IfNotPresent' && policy !== 'Never')) continue;
      const floats = isFloating(image);
      // skaffold loads the images that it builds into local clusters.
      if ((!floats && policy !== 'Never') || isBuiltBySkaffold(image, workspace)) continue;
      const data = { container: name, workload: workload.title, image: image.slice(0, 200) };
      const rest = {
        on: object,
        key: 'imagePullPolicy',
        fix: { safe: false, edits: [{ op: 'set', on: object, key: 'imagePullPolicy', value: 'Always' }] },
      } as const;
      if (floats) report({ message: 'floating', data: { ...data, policy }, ...rest });
      else report({ message: 'never', data, ...rest });
    }
  },
});
