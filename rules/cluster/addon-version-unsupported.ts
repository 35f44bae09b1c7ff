import { defineRule } from '#rule';

export default defineRule({
  title: 'Add-on version must fit the Kubernetes version',
  severity: 'high',
  preset: 'recommended',
  kinds: ['addon'],
  scope: 'model',
  messages: {
    unsupported:
      'EKS does not offer version {version} of add-on "{addon}" for the Kubernetes version of the cluster, so it may fail',
  },
  help: 'Update the add-on to a version that aws eks describe-addon-versions --kubernetes-version <1.x> lists',
  equivalents: ['eksup:EKS005'],
  sources: [
    'Amazon EKS API reference, DescribeAddonVersions',
    'EKS Best Practices Guide, Upgrades > Assess Cluster Add-Ons Compatibility',
  ],
  check({ name, version, offered }, { report }) {
    // Only the service knows which versions fit. The minor version of kube-proxy is judged by another rule.
    if (!offered || name.value === 'kube-proxy') return;
    const { value } = version;
    if (value === undefined) return;
    report({
      when: offered.lacks((one) => one.is(value)),
      message: 'unsupported',
      data: { version: value, addon: name.value ?? '' },
      at: version.at,
    });
  },
});
