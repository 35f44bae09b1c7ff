import { defineRule } from '#rule';
import { digRecord, text } from '#rule/shape';

const prefix = 'nginx.ingress.kubernetes.io/';
const names = new Set([
  'auth-url',
  'auth-signin',
  'auth-tls-match-cn',
  'mirror-target',
  'mirror-host',
  'rewrite-target',
  'server-alias',
  'permanent-redirect',
]);
/** Values that are regular expressions or refer to their groups may contain a repetition count. */
const withCounts = new Set(['rewrite-target', 'server-alias', 'auth-tls-match-cn']);

/** Directives of nginx that an injection uses, or another URL. */
const directive =
  /\s(?:https?:\/\/|(?:return|rewrite|set|root|alias|include|location|server|if|access_log|error_log|add_header|proxy_\w+|ssl_\w+|load_module|lua_\w+|\w+_by_lua\w*)\s)/;

/**
 * The characters in a value that end it early, so that nginx reads the rest as directives; undefined if there are none.
 */
function breakOf(name: string, value: string): string | undefined {
  let rest = value.trim().replace(/\$\{\w+\}/g, '');
  if (withCounts.has(name)) rest = rest.replace(/\{\d+(?:,\d*)?\}/g, '');
  const [found] = /[\n\r;'"`{}]/.exec(rest) ?? [];
  if (found === '\n' || found === '\r') return 'a line break';
  if (found !== undefined) return `the character ${found}`;
  return directive.test(rest) ? 'a second URL or directive' : undefined;
}

export default defineRule({
  title: 'Ingress annotation must not inject configuration',
  severity: 'critical',
  preset: 'recommended',
  kinds: ['Ingress'],
  needs: ['annotations'],
  scope: 'resource',
  messages: {
    injection:
      '{ingress} has {what} in {key}, so the value can inject directives and run code in the ingress controller',
  },
  help: 'Write the plain URL, host or path, e.g. https://auth.example.com/verify',
  equivalents: ['trivy:KCV-0093'],
  sources: ['CVE-2025-1097, CVE-2025-1098, CVE-2025-24514 advisories'],
  check(ingress, { report }) {
    const annotations = digRecord(ingress.object, 'metadata', 'annotations');
    if (!annotations) return;
    for (const [key, value] of Object.entries(annotations)) {
      const name = key.startsWith(prefix) ? key.slice(prefix.length) : '';
      const what = names.has(name) ? breakOf(name, text(value) ?? '') : undefined;
      if (what !== undefined)
        report({ message: 'injection', data: { ingress: ingress.title, what, key }, on: annotations, key });
    }
  },
});
