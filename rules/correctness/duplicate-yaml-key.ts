import { defineRule, locationAt } from '#rule';
import { isRecord } from '#rule/shape';
import { isTemplateText } from '#rule/template';

/** Top-level keys by which a document is known to be read by Kubernetes, kustomize, eksctl or CloudFormation. */
const ours = ['apiVersion', 'kind', 'Resources', 'AWSTemplateFormatVersion', 'resources', 'patches', 'bases'];

export default defineRule({
  title: 'Mapping keys must be unique',
  severity: 'high',
  preset: 'recommended',
  kinds: ['document'],
  scope: 'resource',
  messages: { twice: 'Key "{key}" is already defined on line {line}, so the earlier value is silently discarded' },
  help: 'Remove one of the two "{key}" entries, or merge their contents under one key',
  equivalents: ['monokle:YML010'],
  sources: ['YAML 1.2 specification'],
  check(tree, { report }) {
    const { root, source } = tree;
    if (isRecord(root) && !ours.some((key) => Object.hasOwn(root, key))) return;
    const twice = tree.faults.filter((fault) => fault.code === 'duplicate-key');
    if (twice.length === 0 || isTemplateText(tree)) return;
    for (const { message: key, start, end, other = start } of twice) {
      const first = locationAt(source, other, other + (end - start));
      const shown = key.length > 60 ? `${key.slice(0, 57)}...` : key;
      report({
        message: 'twice',
        data: { key: shown, line: first.start?.line ?? 0 },
        at: locationAt(source, start, end),
        related: [first],
      });
    }
  },
});
