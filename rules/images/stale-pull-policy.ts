import { defineRule } from '#rule';
import { isBuiltBySkaffold, isFloating } from '#rule/image';
import { isHelmTest } from '#rule/pod';
import { dig } from '#rule/shape';

export default defineRule({
  title: 'Image with a mutable tag should always be pulled',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['imagePullPolicy', 'pullPolicy'],
  scope: 'workspace',
  fix: 'suggestion: set imagePullPolicy to Always',
  messages: {
    floating:
      '{puller} of {workload} uses "{image}" (mutable) with {field}: {policy}, so nodes keep running the first version they pulled',
    never: '{puller} of {workload} sets {field}: Never, so its pods start only on nodes that already have "{image}"',
  },
  help: {
    floating: 'Use a version tag or a digest, or set imagePullPolicy: Always',
    never: 'Push the image to a registry, and set imagePullPolicy: IfNotPresent',
  },
  equivalents: ['kubescape:C-0075'],
  sources: ['Kubernetes documentation, Configuration good practices'],
  check(workload, { report, workspace }) {
    if (isHelmTest(workload)) return;
    for (const { puller, image: written, on, policyKey } of workload.images) {
      const image = written?.trim() ?? '';
      const policy = dig(on, policyKey);
      if (image === '' || (policy !== 'IfNotPresent' && policy !== 'Never')) continue;
      const floats = isFloating(image);
      // skaffold loads the images that it builds into local clusters.
      if ((!floats && policy !== 'Never') || isBuiltBySkaffold(image, workspace)) continue;
      const data = { puller, workload: workload.title, image: image.slice(0, 200), field: policyKey };
      const rest = {
        on,
        key: policyKey,
        fix: { safe: false, edits: [{ op: 'set', on, key: policyKey, value: 'Always' }] },
      } as const;
      if (floats) report({ message: 'floating', data: { ...data, policy }, ...rest });
      else report({ message: 'never', data, ...rest });
    }
  },
});
