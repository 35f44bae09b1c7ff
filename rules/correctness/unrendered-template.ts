import { defineRule, locationAt } from '#rule';
import { areVariablesFilled } from '#rule/filled';
import { isTemplateText, unrenderedMarks } from '#rule/template';

/**
 * Names such as `web.yaml.tmpl`, `web.template.yaml`, `web-template.yaml` and `templates/web.yaml`: such a file is not
 * applied as it is, unless a kustomization lists it.
 */
const isNamedTemplate = (path: string): boolean =>
  /[^/][._-](?:template|tmpl|gotmpl|tpl|j2|jinja2?)(?:\.[^./]+){0,2}$|(?:^|\/)templates?\/[^/]+$/i.test(path);
const isApplied = ({ belonging: { unit } }: { readonly belonging: { readonly unit: string } }): boolean =>
  unit.startsWith('kustomization:');

export default defineRule({
  title: 'Template placeholders must be rendered',
  severity: 'high',
  preset: 'recommended',
  kinds: ['document'],
  scope: 'workspace',
  messages: {
    template: '{mark} was not rendered before apply, so the API server receives it literally{rest}',
    text: '{mark} was not rendered, so the document cannot be read and nothing in it is applied or checked{rest}',
    placeholder: 'Placeholder {mark} was not replaced, so the API server receives it literally{rest}',
    conflict: 'Merge conflict "{mark}" is not resolved, so the file holds two versions or cannot be applied{rest}',
  },
  help: {
    template:
      'Render the file before linting it, e.g. with helm template or envsubst, or add it to exclude in ekslint.yaml',
    text: 'Render the file before linting it, e.g. with helm template or envsubst, or add it to exclude in ekslint.yaml',
    placeholder: 'Replace {mark} with the real value',
    conflict: 'Keep one version and delete the lines that start with <<<<<<<, ======= and >>>>>>>',
  },
  equivalents: [],
  sources: ['Helm documentation'],
  check(tree, { workspace, report, undetermined }) {
    const all = unrenderedMarks(tree, workspace.documentsBeside(tree));
    const filled = all.some((mark) => mark.variable) && areVariablesFilled(tree, workspace);
    const marks = filled ? all.filter((mark) => !mark.variable) : all;
    const [first] = marks;
    const isTemplate = (): boolean => isNamedTemplate(tree.source.path) && !workspace.resourcesIn(tree).some(isApplied);
    if (first && first.kind !== 'conflict' && isTemplate())
      undetermined('the file name indicates a template: lint the rendered file', { at: first.at });
    else if (first) {
      const others = marks.length - 1;
      const rest = others === 0 ? '' : ` (and ${others} more ${others === 1 ? 'place' : 'places'} in this file)`;
      report({ message: first.kind, data: { mark: first.text, rest }, at: first.at });
    } else if (isTemplateText(tree))
      undetermined('the file is an unrendered template: lint the rendered file', {
        at: locationAt(tree.source, tree.start, tree.start + 1),
      });
  },
});
