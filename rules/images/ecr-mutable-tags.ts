import { Answer, defineRule } from '#rule';

export default defineRule({
  title: 'ECR repository should have immutable tags',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['repository'],
  scope: 'model',
  fix: 'suggestion: set tags to immutable',
  messages: {
    mutable: 'Repository "{repository}" has mutable tags, so a reviewed tag can be overwritten with different content',
    excluded: 'Repository "{repository}" has immutable tags only for some filters, so most tags can be overwritten',
  },
  help: 'Set ImageTagMutability (Terraform image_tag_mutability) to IMMUTABLE',
  equivalents: [
    'hardeneks:use_immutable_tags_with_ecr',
    'checkov:CKV_AWS_51',
    'trivy:AWS-0031',
    'prowler:ecr_repositories_tag_immutability',
    'securityhub:ECR.2',
  ],
  sources: ['EKS Best Practices Guide, Security > Image security > Use immutable tags with ECR'],
  check({ name, tagMutability, cachePrefixes, subject }, { report }) {
    // Pull-through cache rules create repositories whose tags follow those of another registry.
    const cached = [...cachePrefixes].reduce(
      (any, prefix) =>
        any.or(
          prefix.value === undefined || name.value === undefined
            ? Answer.unknown('a pull-through cache rule may create the repository')
            : Answer.of(prefix.value === 'ROOT' || name.value.startsWith(`${prefix.value}/`)),
        ),
      Answer.no,
    );
    report({
      when: tagMutability.where((value) => !value.startsWith('IMMUTABLE')).and(cached.not()),
      message: tagMutability.value === 'MUTABLE_WITH_EXCLUSION' ? 'excluded' : 'mutable',
      data: { repository: subject.name },
      at: tagMutability.at,
      fix: { safe: false, edits: tagMutability.write('IMMUTABLE') },
    });
  },
});
