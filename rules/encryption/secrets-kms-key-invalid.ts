import { defineRule } from '#rule';
import { clusterStart } from '#rule/cluster';

export default defineRule({
  title: 'Key of Kubernetes secrets must be a key ARN of the region',
  severity: 'high',
  preset: 'recommended',
  kinds: ['cluster'],
  scope: 'model',
  messages: {
    form: '{cluster} names {what} for its secrets, so EKS rejects it',
    region: '{cluster} names a key of region {key} for its secrets and is in {region}, so EKS rejects it',
  },
  help: 'Name the ARN of a symmetric key in the region of the cluster: arn:aws:kms:<region>:<account>:key/<id>',
  equivalents: [],
  sources: [
    'eksctl validation and schema: secretsEncryption.keyARN',
    'Amazon EKS User Guide, Encrypt Kubernetes secrets with KMS',
  ],
  check(cluster, { report }) {
    const { secretsKey, identity } = cluster;
    const { value, at } = secretsKey;
    // What an expression gives is not known before it is deployed.
    if (value === undefined || !/^(?:arn:|alias\/|[\da-f]{8}-|mrk-)/.test(value)) return;
    const [, region, resource = ''] = /^arn:[\w-]+:kms:([^:]*):[^:]*:(.*)$/.exec(value) ?? [];
    const what =
      resource.startsWith('alias/') || value.startsWith('alias/')
        ? 'an alias'
        : region === undefined
          ? value.startsWith('arn:')
            ? 'an ARN that is not of KMS'
            : 'the id of a key'
          : undefined;
    const name = clusterStart(cluster);
    if (what !== undefined) report({ message: 'form', data: { cluster: name, what }, at });
    else if (region !== undefined && region !== '' && (identity.region.state !== 'unknown' || identity.region.written))
      report({
        when: identity.region.where((own) => own !== region),
        message: 'region',
        data: { cluster: name, key: region, region: identity.region.value ?? '' },
        at,
      });
  },
});
