import { defineRule, list, matchesAny, pattern, text, whole } from '#rule';

/** Values are looked at up to this length: no credential begins later. */
const longest = 65_536;

/** What credentials look like. Each begins where no word goes on and takes a bounded or unambiguous run, so that no text is slow. */
const shapes: readonly (readonly [string, RegExp])[] = [
  ['an AWS access key id', /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/],
  ['a GitHub token', /(?<![\w-])(?:gh[posur]_[A-Za-z0-9]{36}|github_pat_\w{22})/],
  ['a GitLab token', /(?<![\w-])glpat-[\w-]{20}/],
  ['a Slack token', /(?<![\w-])xox[abprs]-[A-Za-z0-9-]{10}/],
  ['a Google API key', /(?<![\w-])AIza[\w-]{35}(?![\w-])/],
  ['a Stripe key', /(?<![\w-])sk_live_[A-Za-z0-9]{16}/],
  ['a SendGrid key', /(?<![\w.-])SG\.[\w-]{16,64}\.[\w-]{16}/],
  ['an npm token', /(?<![\w-])npm_[A-Za-z0-9]{36}/],
  ['a JSON Web Token', /(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{2,}\.[\w-]{8}/],
  ['a private key', /-----BEGIN [A-Z ]{0,40}PRIVATE KEY/],
];
const urlPasswords = /[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/?#]{0,200}:([^\s@/]{1,500})@/gi;

/** A name, address or number where a credential might have been. */
const harmless: readonly RegExp[] = [
  /^\s*$/, /\$\([\w.-]+\)|\{\{|\{%|\$\{\w/, /^\$\w+$/, // nothing, a reference, a template
  /^(?:\/|\.{1,2}\/|~\/)[\w./@:+-]*$/, /^[A-Za-z]:\\/, // a path
  /^[a-z][a-z0-9+.-]{1,20}:\/\//i, /^arn:aws[a-z-]*:/, // an address; one with a password is found before
  /^(?:true|false)$/i, /^[+-]?\d+(?:\.\d+)?(?:ms|[smhd])?$/, /^[a-z0-9][a-z0-9./-]*-secrets?$/,
];
const harmlessName = /_(?:FILE|PATH|NAME|ARN|URL|TTL|ENABLED)$/i;
/** Words of letters with separators: they have the entropy of a token, but nothing random. */
const words = /^[A-Za-z]{1,15}(?:[-_. :/,][A-Za-z]{1,15})*$/;

/** Shannon entropy in bits per character. */
function entropy(value: string): number {
  const counts = new Map<string, number>();
  for (const char of value) counts.set(char, (counts.get(char) ?? 0) + 1);
  const length = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return -[...counts.values()].reduce((sum, count) => sum + (count / length) * Math.log2(count / length), 0);
}

/** What the value is for certain, if it has the shape of a known credential. */
function shapeOf(value: string, isPlaceholder: (word: string) => boolean): string | undefined {
  for (const [name, shape] of shapes) {
    const found = shape.exec(value);
    // AWS documents its examples with ids that end so.
    if (found && !found[0].endsWith('EXAMPLE')) return name;
  }
  for (const [, password = ''] of value.matchAll(urlPasswords)) {
    if (!isPlaceholder(password) && !/^\$|\$\(|\{\{|\$\{|^%/.test(password)) return 'an address with its password';
  }
  return undefined;
}

/** The text behind base64, if it is that. */
function decoded(value: string): string | undefined {
  const bare = value.replace(/\s/g, '');
  return /^[A-Za-z0-9+/]{20,}={0,2}$/.test(bare) ? Buffer.from(bare, 'base64').toString('latin1') : undefined;
}

export default defineRule({
  title: 'Environment value must not hold a credential',
  severity: 'critical',
  preset: 'recommended',
  kinds: ['Workload'],
  scope: 'resource',
  fix: 'suggestion: move the value to a Secret and use valueFrom.secretKeyRef',
  options: {
    names: {
      type: 'string', patterns: true, default: '(?i)(passw(or)?d|passphrase|pwd|secret_?key|client_?secret|api_?key|access_?key|private_?key)',
      description: 'Names of variables that hold a credential whatever it looks like.',
    },
    weakNames: { type: 'string', patterns: true, default: '(?i)(secret|token|credential|bearer)', description: 'Names of variables that hold a credential if the value looks random.' },
    minEntropy: { type: 'number', default: 3.0, minimum: 0, description: 'Bits per character from which a value looks random.' },
    placeholders: {
      type: 'array', items: { type: 'string' }, patterns: true, default: ['xxx+', '<.*>', '\\*+', '\\.\\.\\.', '(?i)(insert|your|replace|enter)[-_ ].*'],
      description: 'Patterns of whole values that stand for a credential and are none.',
    },
  },
  messages: {
    shape: 'Container "{container}" of {workload} carries {what} in {env}, open to everyone who may read the object, its history or the repository',
    name: 'Container "{container}" of {workload} has the value of {env} written out, so everyone who may read the object, its history or the repository knows it',
  },
  equivalents: [
    'kube-linter:env-var-secret', 'polaris:sensitiveContainerEnvVar', 'kubescape:C-0012', 'kubescape:C-0259', 'monokle:KBP111',
    'kics:Passwords And Secrets - Generic API Key',
  ],
  sources: ['NSA/CISA Kubernetes Hardening Guide', 'OWASP Kubernetes Top Ten'],
  check(workload, { options, report }) {
    const placeholders = options.placeholders.map((one) => whole(pattern(one)));
    const isPlaceholder = (value: string) => matchesAny(value, placeholders);
    const strong = pattern(options.names);
    const weak = pattern(options.weakNames);
    for (const container of workload.containers) {
      for (const env of list(container.object.env)) {
        const name = text(env.name);
        const value = text(env.value)?.slice(0, longest);
        if (name === undefined || value === undefined || isPlaceholder(value.trim())) continue;
        const data = { container: container.name, workload: workload.title, env: name };
        const behind = decoded(value);
        const what = shapeOf(value, isPlaceholder) ?? (behind === undefined ? undefined : shapeOf(behind, isPlaceholder));
        if (what !== undefined) {
          report({ message: 'shape', data: { ...data, what }, on: env, key: 'value' });
          continue;
        }
        if (harmlessName.test(name) || harmless.some((one) => one.test(value))) continue;
        const sample = value.slice(0, 4096);
        if (matchesAny(name, [strong]) || (matchesAny(name, [weak]) && !words.test(sample) && entropy(sample) >= options.minEntropy)) report({ message: 'name', data, on: env, key: 'value' });
      }
    }
  },
});
