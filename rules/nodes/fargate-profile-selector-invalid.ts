import { defineRule } from '#rule';

export default defineRule({
  title: 'Fargate profile must have valid selectors',
  severity: 'high',
  preset: 'recommended',
  kinds: ['fargateProfile'],
  scope: 'model',
  messages: {
    none: 'Fargate profile "{profile}" has no selector, so EKS rejects it',
    many: 'Fargate profile "{profile}" has {count} selectors, but EKS accepts at most 5',
    namespace: 'A selector of Fargate profile "{profile}" has no namespace, so EKS rejects it',
    labels: 'A selector of Fargate profile "{profile}" has {count} labels, but EKS accepts at most 5',
    prefix: 'The name of Fargate profile "{profile}" starts with eks-, which is reserved, so EKS rejects it',
  },
  help: {
    none: 'Add a selector with the namespace of the pods',
    many: 'Split the profile into profiles with at most 5 selectors each',
    namespace: 'Set the namespace of the pods, e.g. namespace: shop',
    labels: 'Keep at most 5 labels',
    prefix: 'Choose another name',
  },
  equivalents: [],
  sources: ['eksctl validation and schema: Fargate profile validation', 'Amazon EKS User Guide, AWS Fargate profile'],
  check({ name, selectors, subject, at }, { report }) {
    const profile = subject.name;
    const { items, complete } = selectors;
    report({
      when: selectors.empty,
      message: 'none',
      data: { profile },
      at: selectors.state === 'set' ? selectors.at : at,
    });
    if (complete && items.length > 5)
      report({ message: 'many', data: { profile, count: items.length }, at: selectors.at });
    for (const selector of items) {
      const { namespace, labels } = selector;
      report({ when: namespace.present.not(), message: 'namespace', data: { profile }, at: selector.at });
      if (labels.items.length > 5)
        report({ message: 'labels', data: { profile, count: labels.items.length }, at: labels.at });
    }
    report({ when: name.where((text) => text.startsWith('eks-')), message: 'prefix', data: { profile }, at: name.at });
  },
});
