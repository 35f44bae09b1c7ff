import {
  defineRule,
  dig,
  digRecord,
  isTemplateText,
  locationAt,
  text,
  type Tree,
  unrenderedMarks,
  type Workspace,
} from '#rule';

/** Folders whose files Flux fills in before it applies them. */
function substituted(workspace: Workspace): readonly string[] {
  return workspace
    .all('Kustomization')
    .filter(({ group, object }) => group === 'kustomize.toolkit.fluxcd.io' && digRecord(object, 'spec', 'postBuild'))
    .map(({ object }) => (text(dig(object, 'spec', 'path')) ?? '').replace(/^\.?\/+|^\.$|\/+$/g, ''));
}

/** Where a file is applied from: its own path, and the folders of the outermost kustomizations that include it. */
function appliedFrom(tree: Tree, workspace: Workspace): readonly string[] {
  const roots = workspace.resourcesIn(tree).map(({ belonging }) => belonging.unit);
  return [tree.source.path, ...new Set(roots.map((unit) => `${unit.slice(unit.indexOf(':') + 1)}/`))];
}

export default defineRule({
  title: 'Manifest must be rendered',
  severity: 'high',
  preset: 'recommended',
  kinds: ['document'],
  scope: 'workspace',
  messages: {
    template: 'Nobody has filled in {mark}, so the API server gets the template instead of the value{rest}',
    placeholder: 'The placeholder {mark} is still here, so the API server gets it instead of the value{rest}',
    conflict:
      'The merge conflict that begins with "{mark}" was never resolved, so this file holds two versions at once or none{rest}',
  },
  equivalents: [],
  sources: ['Helm documentation'],
  check(tree, { workspace, report, undetermined }) {
    const all = unrenderedMarks(tree, workspace.documentsBeside(tree));
    const folders = all.some((mark) => mark.variable) ? substituted(workspace) : [];
    const paths = folders.length > 0 ? appliedFrom(tree, workspace) : [];
    const filledIn = folders.some(
      (folder) => folder === '' || paths.some((path) => path.startsWith(`${folder}/`) || path.includes(`/${folder}/`)),
    );
    const marks = filledIn ? all.filter((mark) => !mark.variable) : all;
    const [first] = marks;
    if (first) {
      const others = marks.length - 1;
      const rest =
        others === 0
          ? ''
          : others === 1
            ? ', as in 1 other place of the file'
            : `, as in ${others} other places of the file`;
      report({ message: first.kind, data: { mark: first.text, rest }, at: first.at });
    } else if (isTemplateText(tree))
      undetermined('the file is a template that is not rendered', {
        at: locationAt(tree.source, tree.start, tree.start + 1),
      });
  },
});
