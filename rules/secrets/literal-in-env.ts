import { defineRule, endsOf, list, matchesAny, pattern, text, whole } from '#rule';

/** Values are looked at up to this length: no credential begins later. */
const longestValue = 65_536;

/** What credentials look like. Each begins where no word goes on and takes a bounded or unambiguous run, so that no text is slow. */
const shapes: readonly (readonly [string, RegExp])[] = [
  ['an AWS access key id', /(?<![A-Za-z0-9])(?:AKIA|ASIA)(?![A-Z0-9]{9}EXAMPLE)[A-Z0-9]{16}(?![A-Za-z0-9])/],
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
const urlPassword = /[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/?#]{0,200}:([^\s@/]{1,500})@(?!sha256:)/gi;
/** `password=` among the pairs of a connection string or behind an address: the text must name a server as well, which SQL does not. */
const pairPassword = /(?:^|[\s;?&])(?:password|pwd)=([^\s;&]{1,500})/gi;
const server = /(?:^|[\s;])(?:server|host|data source|addr)\s*=|:\/\//i;

/** What something else replaces: `$(A)`, `{{ a }}`, `{% a %}`, `${A}`, `#{A}`, `$A`, `{a}`, `%A%`, `%s`. */
const mark = /\$\([\w.-]+\)|\{\{|\{%|[$#]\{\w|^\$[A-Z_][A-Z0-9_]*$|^\{\w+\}$|^%\w+%$|^%s$/;
/** A name, address or number where a credential might have been. */
const harmless: readonly RegExp[] = [
  /^\s*$/,
  mark,
  /^(?:\/|\.{1,2}\/|~\/)[\w./@:+-]*$/,
  /^[A-Za-z]:\\/, // a path
  /^[a-z][a-z0-9+.-]{1,20}:\/\//i,
  /^arn:aws[a-z-]*:/, // an address; one with a password is found before
  /^(?:true|false|yes|no|on|off)$/i,
  /^[+-]?\d+(?:\.\d+)?(?:ms|[smhd])?$/,
  /^[a-z0-9][a-z0-9./-]*-secrets?$/,
];
const harmlessName = /_(?:FILE|PATH|NAME|ARN|URL|TTL|ENABLED)$/i;
/** Words of letters with separators: they have the entropy of a token, but nothing random. */
const words = /^[A-Za-z]{1,15}(?:[-_. :/,][A-Za-z]{1,15})*$/;
/** The like with numbers among them (`eu-central-1`, `app-v2`, `cl100k_base`), and what no generator makes: sentences, patterns, markup. */
const readable =
  /^[-_. :/,]*(?:[A-Za-z]{1,40}(?:\d{1,4}[A-Za-z]?)?|\d{1,4}[A-Za-z]?)(?:[-_. :/,]+(?:[A-Za-z]{1,40}(?:\d{1,4}[A-Za-z]?)?|\d{1,4}[A-Za-z]?))*[-_. :/,]*$|[\s()[\]{}<>^|\\"'`]/;

/** Shannon entropy in bits per character. */
function entropy(value: string): number {
  const counts = new Map<string, number>();
  for (const char of value) counts.set(char, (counts.get(char) ?? 0) + 1);
  const length = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return -[...counts.values()].reduce((sum, count) => sum + (count / length) * Math.log2(count / length), 0);
}

/** What the value is for certain, if it has the shape of a known credential. */
function shapeOf(value: string, isPlaceholder: (word: string) => boolean): string | undefined {
  const shape = shapes.find(([, form]) => form.test(value));
  if (shape) return shape[0];
  const holds = (form: RegExp): boolean =>
    [...value.matchAll(form)].some(([, password = '']) => !isPlaceholder(password) && !mark.test(password));
  if (value.includes('@') && holds(urlPassword)) return 'an address with its password';
  return server.test(value) && holds(pairPassword) ? 'a connection string with its password' : undefined;
}

/**
 * A name is what it ends with: DB_PASSWORD is a password, PASSWORD_POLICY and TOKENIZER are about something else. A plural and numbers
 * behind the find leave it the end.
 */
function says(name: string, one: RegExp): 'holds' | 'about' | undefined {
  if (!matchesAny(name, [one])) return undefined;
  return endsOf(name, one).some((end) => /^s?[^A-Za-z]*$/i.test(name.slice(end))) ? 'holds' : 'about';
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
  options: {
    names: {
      type: 'string',
      patterns: true,
      default: '(?i)(passw(or)?d|passphrase|pwd|secret_?key|client_?secret|api_?key|access_?key|private_?key)',
      description:
        'Names of variables that hold a credential whatever it looks like; where the name goes on behind the find, if it looks random.',
    },
    weakNames: {
      type: 'string',
      patterns: true,
      default: '(?i)(secret|token|credential|bearer)',
      description: 'Names of variables that hold a credential if the value looks random.',
    },
    minEntropy: {
      type: 'number',
      default: 3.0,
      minimum: 0,
      description: 'Bits per character from which a value looks random.',
    },
    placeholders: {
      type: 'array',
      items: { type: 'string' },
      patterns: true,
      default: ['xxx+', '<.*>', '\\*+', '\\.\\.\\.', '(?i)(insert|your|replace|enter)[-_ ].*'],
      description: 'Patterns of whole values that stand for a credential and are none.',
    },
  },
  messages: {
    shape:
      'Container "{container}" of {workload} carries {what} in {env}, open to everyone who may read the object, its history or the repository',
    name: 'Container "{container}" of {workload} has the value of {env} written out, so everyone who may read the object, its history or the repository knows it',
  },
  equivalents: [
    'kube-linter:env-var-secret',
    'polaris:sensitiveContainerEnvVar',
    'kubescape:C-0012',
    'kubescape:C-0259',
    'monokle:KBP111',
    'kics:Passwords And Secrets - Generic API Key',
  ],
  sources: ['NSA/CISA Kubernetes Hardening Guide', 'OWASP Kubernetes Top Ten'],
  check(workload, { options, report }) {
    const placeholders = options.placeholders.map((one) => whole(pattern(one)));
    const isPlaceholder = (value: string) => matchesAny(value, placeholders);
    const strong = pattern(options.names);
    const weak = pattern(options.weakNames);
    const looksRandom = (value: string): boolean => !words.test(value) && entropy(value) >= options.minEntropy;
    const isCredential = (name: string, value: string): boolean => {
      const [first, second] = [says(name, strong), says(name, weak)];
      if (first === 'holds') return true;
      return second === 'holds'
        ? looksRandom(value)
        : (first ?? second) === 'about' && !readable.test(value) && looksRandom(value);
    };
    for (const container of workload.containers) {
      for (const env of list(container.object.env)) {
        const name = text(env.name);
        const value = text(env.value)?.slice(0, longestValue);
        if (name === undefined || value === undefined || isPlaceholder(value.trim())) continue;
        const data = { container: container.name, workload: workload.title, env: name };
        const behind = decoded(value);
        const what =
          shapeOf(value, isPlaceholder) ?? (behind === undefined ? undefined : shapeOf(behind, isPlaceholder));
        if (what !== undefined) {
          report({ message: 'shape', data: { ...data, what }, on: env, key: 'value' });
          continue;
        }
        // A text that repeats the name stands for the value: GOOGLE_API_KEY_VAL
        if (
          harmlessName.test(name) ||
          harmless.some((one) => one.test(value)) ||
          (name.includes('_') && value.includes(name))
        )
          continue;
        if (isCredential(name, value.slice(0, 4096))) report({ message: 'name', data, on: env, key: 'value' });
      }
    }
  },
});
