import { defineRule } from '#rule';

/** Registries that ECR reads only with credentials (Amazon ECR User Guide, Sync an upstream registry with an Amazon ECR private registry). */
const registries = /^(?:registry-1\.docker\.io|ghcr\.io|registry\.gitlab\.com|cgr\.dev|.+\.azurecr\.io)$/;

export default defineRule({
  title: 'Pull-through cache should have credentials for its upstream registry',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['pullThroughCache'],
  scope: 'model',
  messages: {
    missing:
      'The pull-through cache "{prefix}" of {upstream} has no credentials, so EKS nodes cannot pull images through it',
    name: 'The credentials of the pull-through cache "{prefix}" are not a secret whose name starts with ecr-pullthroughcache/, so ECR rejects it',
  },
  help: 'Store a user name and access token in a secret named ecr-pullthroughcache/..., and set its ARN as CredentialArn (Terraform credential_arn)',
  equivalents: [],
  sources: ['Amazon ECR User Guide, Pull through cache rules', 'EKS Best Practices Guide, Security > Image security'],
  check({ prefix, upstream, credentialArn, subject }, { report }) {
    const data = { prefix: prefix.value ?? subject.name, upstream: upstream.value ?? '' };
    const needs = upstream.where((host) => registries.test(host));
    report({ when: needs.and(credentialArn.present.not()), message: 'missing', data, at: upstream.at });
    report({
      when: needs.and(
        credentialArn.where((arn) => /^arn:[^:]+:secretsmanager:.*:secret:(?!ecr-pullthroughcache\/)/.test(arn)),
      ),
      message: 'name',
      data,
      at: credentialArn.at,
    });
  },
});
