import { defineRule } from '#rule';
import { digRecord } from '#rule/shape';

/** What a prefix should end in: `/`, `:`, or it is a reference with a tag or a digest. */
const isClosed = (prefix: string): boolean =>
  prefix === '' || /[/:]$|@|:[\w][\w.-]*$/.test(prefix.replace(/^[^/]*:\d+(?=\/)/, ''));

/** `host:5000` looks like a tag, but is a registry. */
const isHost = (prefix: string): boolean => /^[^/]+:\d{2,5}$/.test(prefix) && /^[^/:]*(?:\.|localhost)/.test(prefix);

export default defineRule({
  title: 'Gatekeeper repository prefix must end at a boundary',
  severity: 'high',
  preset: 'strict',
  kinds: ['K8sAllowedRepos', 'K8sAllowedReposv2', 'K8sDisallowedRepos'],
  scope: 'resource',
  fix: 'suggestion: append /',
  messages: {
    allowed:
      '{constraint} allows "{prefix}", so it also allows other registries or repositories whose names start with it',
    disallowed:
      '{constraint} disallows "{prefix}", so it also blocks other registries or repositories whose names start with it',
  },
  help: 'End the entry with / (or with : for one repository), e.g. registry.example.com/',
  equivalents: ['trivy:KSV-0124'],
  sources: ['Gatekeeper library'],
  check(constraint, { report }) {
    const parameters = digRecord(constraint.object, 'spec', 'parameters');
    for (const key of ['repos', 'allowedImages'] as const) {
      const on = parameters?.[key];
      if (!Array.isArray(on)) continue;
      for (const [index, written] of on.entries()) {
        if (typeof written !== 'string') continue;
        // Entries of allowedImages are whole references unless they end in a star.
        const glob = written.endsWith('*');
        if (key === 'allowedImages' && !glob) continue;
        const prefix = glob ? written.slice(0, -1) : written;
        if (prefix === '' || (isClosed(prefix) && !isHost(prefix))) continue;
        report({
          message: constraint.kind === 'K8sDisallowedRepos' ? 'disallowed' : 'allowed',
          data: { constraint: constraint.title, prefix: written },
          on,
          key: index,
          fix: { safe: false, edits: [{ op: 'set', on, key: index, value: `${prefix}/${glob ? '*' : ''}` }] },
        });
      }
    }
  },
});
