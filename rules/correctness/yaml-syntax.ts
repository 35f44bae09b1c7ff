import { defineRule, isTemplateText, locationAt } from '#rule';

export default defineRule({
  title: 'Document must be valid YAML',
  severity: 'critical',
  preset: 'recommended',
  kinds: ['document'],
  scope: 'resource',
  messages: { broken: 'This document cannot be read ({problem}), so nothing in it is applied and none of it was checked' },
  equivalents: [
    'monokle:YML001', 'monokle:YML002', 'monokle:YML003', 'monokle:YML004', 'monokle:YML005', 'monokle:YML006', 'monokle:YML007', 'monokle:YML008', 'monokle:YML009', 'monokle:YML012', 'monokle:YML013',
    'monokle:YML014', 'monokle:YML015', 'monokle:YML016', 'monokle:YML018', 'monokle:YML019', 'monokle:YML020', 'monokle:YML021',
  ],
  sources: ['YAML 1.2 specification'],
  check(tree, { report }) {
    if (isTemplateText(tree)) return;
    for (const fault of tree.faults) {
      if (fault.code === 'duplicate-key') continue;
      // Behind `: "` the parser quotes the text itself, which may be a secret.
      const [problem = ''] = fault.message.split(/: "|\r?\n/, 1);
      report({ message: 'broken', data: { problem: problem.slice(0, 160) }, at: locationAt(tree.source, fault.start, fault.end) });
    }
  },
});
