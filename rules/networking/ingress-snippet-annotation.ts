import { type AnyResource, defineRule } from '#rule';
import { dig, digRecord, text } from '#rule/shape';

const suffixes = [
  'configuration-snippet',
  'server-snippet',
  'auth-snippet',
  'stream-snippet',
  'http-snippet',
  'modsecurity-snippet',
];
/** What a snippet needs to read files, run code or reach other servers. */
const dangerous = /lua_|_by_lua|\balias\b|\broot\b|\bproxy_pass\b|\bload_module\b|serviceaccount|\{/;

/** ingress-nginx rejects annotations above this level; snippets are Critical (its documentation, Annotations Risks). */
const refusesSnippets = ({ object }: AnyResource): boolean =>
  ['Low', 'Medium', 'High'].includes(text(dig(object, 'data', 'annotations-risk-level')) ?? '');

export default defineRule({
  title: 'Ingress must not contain configuration snippets',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Ingress', 'ConfigMap'],
  scope: 'workspace',
  options: {
    prefixes: {
      type: 'array',
      items: { type: 'string' },
      default: ['nginx.ingress.kubernetes.io'],
      description: 'Prefixes of the annotations that the controller reads.',
    },
  },
  messages: {
    snippet: '{ingress} sets {key}, so anyone who edits it changes the configuration of the shared ingress controller',
    strong: '{ingress} sets {key} with directives that can read files or credentials of the ingress controller',
    allowed:
      '{configMap} allows snippet annotations, so anyone who edits an Ingress can run code in the ingress controller',
  },
  help: {
    snippet:
      'Use a dedicated annotation, e.g. nginx.ingress.kubernetes.io/rewrite-target, or the ConfigMap of the controller',
    strong: 'Remove the annotation, and move the directives to the ConfigMap of the controller',
    allowed: 'Set allow-snippet-annotations: "false"',
  },
  equivalents: ['checkov:CKV_K8S_152', 'checkov:CKV_K8S_153', 'checkov:CKV_K8S_154', 'kubescape:C-0059'],
  sources: ['CVE-2021-25742 advisory'],
  check(subject, { options, report, workspace }) {
    if (workspace.unit(subject).some('ConfigMap', refusesSnippets, '*')) return;
    if (subject.kind === 'ConfigMap') {
      const data = digRecord(subject.object, 'data');
      if (data && (data['allow-snippet-annotations'] === 'true' || data['allow-snippet-annotations'] === true))
        report({
          message: 'allowed',
          data: { configMap: subject.title },
          on: data,
          key: 'allow-snippet-annotations',
        });
      return;
    }
    const annotations = digRecord(subject.object, 'metadata', 'annotations');
    if (!annotations) return;
    for (const [key, value] of Object.entries(annotations)) {
      const slash = key.indexOf('/');
      if (!options.prefixes.includes(key.slice(0, slash)) || !suffixes.some((one) => key.endsWith(one))) continue;
      const strong = dangerous.test(text(value) ?? '');
      report({
        message: strong ? 'strong' : 'snippet',
        data: { ingress: subject.title, key },
        on: annotations,
        key,
      });
    }
  },
});
