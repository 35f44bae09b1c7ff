import { defineRule } from '#rule';
import { clusterTitle } from '#rule/cluster';

export default defineRule({
  title: 'Kubernetes secrets should be encrypted with a customer managed key',
  severity: 'medium',
  preset: 'strict',
  kinds: ['cluster'],
  scope: 'model',
  messages: {
    none: 'Kubernetes secrets of {cluster} are encrypted only with an AWS owned key, which you cannot audit or revoke',
  },
  help: 'Set a KMS key for secrets, e.g. secretsEncryption.keyARN in eksctl or encryption_config in Terraform',
  equivalents: [
    'securityhub:EKS.3',
    'checkov:CKV_AWS_58',
    'trivy:AWS-0039',
    'prowler:eks_cluster_kms_cmk_encryption_in_secrets_enabled',
    'cis-eks-1.7:5.3.1',
    'cis-eks-1.8:5.3.1',
    'kubescape:C-0066',
    'kics:EKS Cluster Encryption Disabled',
  ],
  sources: [
    'EKS Best Practices Guide, Security > Data encryption and secrets management > Use AWS KMS for envelope encryption',
    'CIS Amazon EKS Benchmark, 5.3.1',
    'AWS Security Hub CSPM, EKS.3',
  ],
  check(cluster, { report }) {
    const { secretsKey, outpost } = cluster;
    report({
      when: secretsKey
        .where((key) => key !== '')
        .not()
        .and(outpost.is(true).not()),
      message: 'none',
      data: { cluster: clusterTitle(cluster) },
      at: secretsKey.at,
    });
  },
});
