import { defineRule, locationAt } from '#rule';
import { isTerraformTemplate } from '#rule/filled';
import { isTemplateText } from '#rule/template';

export default defineRule({
  title: 'Document must be valid YAML',
  severity: 'high',
  preset: 'recommended',
  kinds: ['document'],
  scope: 'workspace',
  messages: {
    broken: 'Invalid YAML: {problem}, so nothing in this document is applied or checked',
    partly: 'Invalid HCL: {problem}, so Terraform rejects the file and this part was not checked',
  },
  help: {
    broken: 'Fix the syntax here or just before; kubectl apply --dry-run=client -f <file> shows the error of kubectl',
    partly: 'Fix the syntax here; terraform validate shows the error of Terraform',
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
  check(tree, { report, undetermined, workspace }) {
    if (isTemplateText(tree)) return;
    const faults = tree.faults.filter((fault) => fault.code !== 'duplicate-key');
    if (faults.length > 0 && isTerraformTemplate(tree, workspace)) {
      undetermined('no rule judges the file, a template that Terraform renders: lint the rendered file', {
        at: locationAt(tree.source, tree.start, tree.start + 1),
      });
      return;
    }
    // After the first error in a Terraform file, others are only its consequences.
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
