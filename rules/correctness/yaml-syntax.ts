import { defineRule, isTemplateText, locationAt } from '#rule';

export default defineRule({
  title: 'Document must be valid YAML',
  severity: 'critical',
  preset: 'recommended',
  kinds: ['document'],
  scope: 'resource',
  messages: {
    broken: 'This document cannot be read ({problem}), so nothing in it is applied and none of it was checked',
    partly:
      'A part of this file cannot be read ({problem}), so Terraform applies nothing of it and that part was not checked',
  },
  equivalents: [
    'monokle:YML001',
    'monokle:YML002',
    'monokle:YML003',
    'monokle:YML004',
    'monokle:YML005',
    'monokle:YML006',
    'monokle:YML007',
    'monokle:YML008',
    'monokle:YML009',
    'monokle:YML012',
    'monokle:YML013',
    'monokle:YML014',
    'monokle:YML015',
    'monokle:YML016',
    'monokle:YML018',
    'monokle:YML019',
    'monokle:YML020',
    'monokle:YML021',
  ],
  sources: ['YAML 1.2 specification'],
  check(tree, { report }) {
    if (isTemplateText(tree)) return;
    const faults = tree.faults.filter((fault) => fault.code !== 'duplicate-key');
    // Behind the first slip of a Terraform file, others are but its echo.
    for (const fault of tree.language === 'hcl' ? faults.slice(0, 1) : faults) {
      report({
        message: tree.language === 'hcl' && tree.root !== undefined ? 'partly' : 'broken',
        data: { problem: fault.message },
        excerpt: true,
        at: locationAt(tree.source, fault.start, fault.end),
      });
    }
  },
});
