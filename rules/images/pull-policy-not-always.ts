import { defineRule } from '#rule';
import { imageFault, isFilledIn, isFloating, parseImage } from '#rule/image';

export default defineRule({
  title: 'Image pull policy should be Always',
  severity: 'low',
  preset: 'opt-in',
  kinds: ['Workload'],
  scope: 'resource',
  fix: 'suggestion: set imagePullPolicy to Always',
  messages: {
    policy:
      'Container "{container}" of {workload} has imagePullPolicy {policy}, so it may run an image from the node without permission to pull it',
  },
  help: 'Set imagePullPolicy: Always, or pin the image by digest',
  equivalents: [
    'kube-score:container-image-pull-policy',
    'polaris:pullPolicyNotAlways',
    'checkov:CKV_K8S_15',
    'kics:Image Pull Policy Of The Container Is Not Set To Always',
  ],
  sources: ['kube-score check list'],
  check(workload, { judges, report }) {
    for (const { object, name, image: written, role } of workload.containers) {
      const image = written?.trim() ?? '';
      if (role === 'ephemeral' || image === '' || isFilledIn(image) || imageFault(image) !== undefined) continue;
      const { tag, digest } = parseImage(image);
      const policy: unknown =
        object.imagePullPolicy ?? (tag === undefined || tag === 'latest' ? 'Always' : 'IfNotPresent');
      if (digest !== undefined || policy === 'Always' || typeof policy !== 'string') continue;
      const isStale = policy === 'Never' || (object.imagePullPolicy !== undefined && isFloating(image));
      if (isStale && judges('images/stale-pull-policy')) continue;
      report({
        message: 'policy',
        data: { container: name, workload: workload.title, policy },
        on: object,
        key: 'imagePullPolicy',
        fix: { safe: false, edits: [{ op: 'set', on: object, key: 'imagePullPolicy', value: 'Always' }] },
      });
    }
  },
});
