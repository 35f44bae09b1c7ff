import { defineRule } from '#rule';
import { clusterTitle, newestVersion } from '#rule/cluster';

export default defineRule({
  title: 'Cluster version should be pinned',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['cluster'],
  scope: 'model',
  fix: 'suggestion: pin the newest version that EKS offers, or quote the version',
  messages: {
    missing: 'The version of {cluster} is not pinned, so the day of its creation decides which Kubernetes version runs',
    floating:
      'The version of {cluster} is "{version}", so the day of its creation decides which Kubernetes version runs',
    unquoted: 'The version of {cluster} is {version} without quotes, so {effect}',
    malformed: 'The version of {cluster} is "{version}" instead of a minor version like 1.35, so it is rejected',
  },
  help: {
    missing: 'Write the version as a quoted minor version, e.g. "1.35"',
    floating: 'Write the version as a quoted minor version, e.g. "1.35"',
    unquoted: 'Quote the version, e.g. "1.35"',
    malformed: 'Write the version as a quoted minor version, e.g. "1.35"',
  },
  equivalents: [],
  sources: ['eksctl validation and schema: metadata.version', 'EKS Best Practices Guide, Upgrades'],
  check(cluster, { today, report }) {
    const { version } = cluster;
    const data = { cluster: clusterTitle(cluster), version: version.value ?? '' };
    const pin = { safe: false, edits: version.write(newestVersion(today)) };
    const { at } = version;
    const present = version.present;
    report({ when: present.not(), message: 'missing', data: { cluster: data.cluster }, at, fix: pin });
    if (present.state !== 'yes') return;
    if (version.misread !== undefined)
      report({
        message: 'unquoted',
        data: { ...data, effect: version.misread },
        at,
        fix: { safe: false, edits: version.write(data.version) },
      });
    // eksctl reads these words as a version that it chooses.
    else if (/^(auto|latest)$/.test(data.version)) report({ message: 'floating', data, at, fix: pin });
    else report({ when: version.where((one) => !/^1\.\d+$/.test(one)), message: 'malformed', data, at });
  },
});
