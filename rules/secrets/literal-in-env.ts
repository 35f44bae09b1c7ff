import { defineRule, type Workload } from '#rule';
import { endsOf, matchesAny, pattern, whole } from '#rule/pattern';
import { digRecord, isRecord, list, text } from '#rule/shape';

/** Values are checked up to this length; no credential begins later. */
const longestValue = 65_536;

/** Example credentials in the documentation of AWS, which end in EXAMPLE or EXAMPLEKEY: AKIAIOSFODNN7EXAMPLE and its secret. */
const exampleOfAws = /^(?:(?:AKIA|ASIA)[A-Z0-9]{9}EXAMPLE|[A-Za-z0-9/+]{30}EXAMPLEKEY)$/;
/** Names of variables for an access key ID, which alone is not a credential. */
const keyIdName = /^(?!.*secret).*(?:access_?key(?:_?id)?|key_?id)$/i;
const keyId = /(?<![A-Za-z0-9])(?:AKIA|ASIA)(?![A-Z0-9]{9}EXAMPLE)[A-Z0-9]{16}(?![A-Za-z0-9])/;

/** What credentials look like. Each pattern starts at the beginning of a word and is bounded or unambiguous, so that no text is slow. */
const shapes: readonly (readonly [string, RegExp])[] = [
  ['an AWS access key ID', keyId],
  ['a GitHub token', /(?<![\w-])(?:gh[posur]_[A-Za-z0-9]{36}|github_pat_\w{22})/],
  ['a GitLab token', /(?<![\w-])glpat-[\w-]{20}/],
  ['a Slack token', /(?<![\w-])xox[abprs]-[A-Za-z0-9-]{10}/],
  [
    'a Slack webhook address',
    /hooks\.slack\.com\/(?:services|workflows|triggers)\/[A-Z0-9]{6,20}\/[A-Z0-9]{6,20}\/\w{8}/,
  ],
  ['a Google API key', /(?<![\w-])AIza[\w-]{35}(?![\w-])/],
  ['a Stripe key', /(?<![\w-])sk_live_[A-Za-z0-9]{16}/],
  ['a SendGrid key', /(?<![\w.-])SG\.[\w-]{16,64}\.[\w-]{16}/],
  ['an npm token', /(?<![\w-])npm_[A-Za-z0-9]{36}/],
  ['a JSON Web Token', /(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{2,}\.[\w-]{8}/],
  ['an age private key', /AGE-SECRET-KEY-1[A-Z0-9]{20}/],
  ['a private key', /-----BEGIN [A-Z ]{0,40}PRIVATE KEY/],
];
const urlPassword = /[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/?#]{0,200}:([^\s@/]{1,500})@(?!sha256:)/gi;
/** `password=` in a connection string, a URL or a JAAS configuration: the text also names a server or a login, which SQL does not. */
const pairPassword = /(?:^|[\s;?&])(?:password|pwd)=(?:"([^"]{1,500})"|([^\s;&"]{1,500}))/gi;
const server = /(?:^|[\s;])(?:server|host|data source|addr)\s*=|:\/\/|LoginModule\s|(?:^|\s)username="/i;

/** A reference that something replaces: `$(A)`, `{{ a }}`, `{% a %}`, `${A}`, `#{A}`, `$A`, `{a}`, `%A%`, `%s`. */
const mark = /\$\([\w.-]+\)|\{\{|\{%|[$#]\{\w|^\$[A-Z_][A-Z0-9_]*$|^\{\w+\}$|^%\w+%$|^%s$/;
/**
 * References to a secret in a store, and ciphertext. Sources: the documentation of bank-vaults (`vault:path#key`, `>>vault:`), vals
 * (`ref+scheme://`), SOPS (`ENC[...]`), Jasypt (`ENC(...)`), Spring Cloud Config (`{cipher}`), Ansible Vault, AWS KMS (ciphertext in base64
 * begins with AQICAH), age and PGP, Azure App Service (`@Microsoft.KeyVault`), Google Secret Manager.
 */
const reference =
  /^(?:>{1,2})?vault:[\w./-]+[#:]|^(?:ref|secretref)\+[a-z]|^ENC[[(]|^\{(?:cipher|aes)\}|^\$ANSIBLE_VAULT;|^AQICAH|^age1[a-z0-9]{20}|^-----BEGIN (?:PGP MESSAGE|AGE ENCRYPTED FILE)|^@Microsoft\.KeyVault\(|^projects\/[\w-]+\/secrets\/|^(?:aws-?)?(?:ssm|secretsmanager|sm|kms|gsm|gcpsm|akv|keyvault|azurekeyvault|doppler|conjur|infisical|berglas|sops|file|env):[\w./-]+/i;

/** A name, address or number where a credential might have been. */
const harmless: readonly RegExp[] = [
  /^\s*$/,
  mark,
  reference,
  exampleOfAws,
  /^(?:\/|\.{1,2}\/|~\/)[\w./@:+-]*$/,
  /^[A-Za-z]:\\/, // a path
  /^[a-z][a-z0-9+.-]{1,20}:\/\//i,
  /^arn:aws[a-z-]*:/, // an address; one with a password is found before
  /^(?:true|false|yes|no|on|off)$/i,
  /^[+-]?\d+(?:\.\d+)?(?:ms|[smhd])?$/,
  /^[a-z0-9][a-z0-9./-]*-secrets?$/,
];
const harmlessName = /_(?:FILE|PATH|NAME|ARN|URL|TTL|ENABLED)$/i;
/** Words with separators: they have the entropy of a token, but nothing random. */
const words = /^[A-Za-z]{1,15}(?:[-_. :/,][A-Za-z]{1,15})*$/;
/** The same with numbers (`eu-central-1`, `app-v2`, `cl100k_base`), and what no generator makes: sentences, patterns, markup. */
const readable =
  /^[-_. :/,]*(?:[A-Za-z]{1,40}(?:\d{1,4}[A-Za-z]?)?|\d{1,4}[A-Za-z]?)(?:[-_. :/,]+(?:[A-Za-z]{1,40}(?:\d{1,4}[A-Za-z]?)?|\d{1,4}[A-Za-z]?))*[-_. :/,]*$|[\s()[\]{}<>^|\\"'`]/;

/** Shannon entropy in bits per character. */
function entropy(value: string): number {
  const counts = new Map<string, number>();
  for (const char of value) counts.set(char, (counts.get(char) ?? 0) + 1);
  const length = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return -[...counts.values()].reduce((sum, count) => sum + (count / length) * Math.log2(count / length), 0);
}

/** Variables with the name of a Secret (the object) as value: IMAGE_PULL_SECRET, TLS_SECRETS. */
const secretNameName =
  /(?:PULL|TLS|CERT|CERTIFICATE|CA|REGISTRY|DOCKER|K8S|KUBE|KUBERNETES|EXISTING|TARGET)_?SECRETS?$/i;
/** The name of an object, in the form of Kubernetes with several parts: `regcred-7x9kq2`. */
const objectName = /^[a-z][a-z0-9]*(?:[-.][a-z0-9]+)+$/;
/** Such a name with a word for a Secret in it, and with a generated suffix. */
const secretName = /^(?:[a-z]+-)*(?:secrets?|creds?|credentials?|regcred|certs?|tls)(?:-[a-z]+)*-[a-z0-9]{5,10}$/;

/** The names of the Secrets that a pod uses. */
function secretsOf(workload: Workload): ReadonlySet<unknown> {
  const { pod, containers } = workload;
  return new Set([
    ...list(pod.imagePullSecrets).map((one) => one.name),
    ...list(pod.volumes).map((volume) => digRecord(volume, 'secret')?.['secretName']),
    ...containers.flatMap(({ object }) => [
      ...list(object.env).map((env) => digRecord(env, 'valueFrom', 'secretKeyRef')?.['name']),
      ...list(object.envFrom).map((source) => (isRecord(source.secretRef) ? source.secretRef['name'] : undefined)),
    ]),
  ]);
}

/** What the value is, if it has the form of a known credential. */
function shapeOf(value: string, isPlaceholder: (word: string) => boolean): string | undefined {
  const shape = shapes.find(([, form]) => form.test(value));
  if (shape) return shape[0];
  const holds = (form: RegExp): boolean =>
    [...value.matchAll(form)].some(([, quoted, bare]) => {
      const password = quoted ?? bare ?? '';
      return !isPlaceholder(password) && !mark.test(password);
    });
  if (value.includes('@') && holds(urlPassword)) return 'a URL with a password';
  return server.test(value) && holds(pairPassword) ? 'a connection string with a password' : undefined;
}

/**
 * What a name says about the value. DB_PASSWORD holds a password; PASSWORD_POLICY and TOKENIZER are about something else, as the name goes
 * on after the match. A plural and numbers do not count.
 */
function says(name: string, one: RegExp): 'holds' | 'about' | undefined {
  if (!matchesAny(name, [one])) return undefined;
  return endsOf(name, one).some((end) => /^s?[^A-Za-z]*$/i.test(name.slice(end))) ? 'holds' : 'about';
}

/** The text that is encoded as base64, if it is. */
function decoded(value: string): string | undefined {
  const bare = value.replace(/\s/g, '');
  return /^[A-Za-z0-9+/]{20,}={0,2}$/.test(bare) ? Buffer.from(bare, 'base64').toString('latin1') : undefined;
}

export default defineRule({
  title: 'Environment variable must not contain a credential',
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
        'Names of variables with a credential. If the name continues after the match, only values that look random count.',
    },
    weakNames: {
      type: 'string',
      patterns: true,
      default: '(?i)(secret|token|credential|bearer|_auth$)',
      description: 'Names of variables with a credential if the value looks random.',
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
      description: 'Patterns for whole values that are placeholders.',
    },
  },
  messages: {
    shape:
      'Container "{container}" of {workload} sets {env} to {what} in plain text, so anyone who can read the manifest has it',
    name: 'Container "{container}" of {workload} sets {env} in plain text, so anyone who can read the manifest has this credential',
  },
  help: 'Store the value in a Secret, use valueFrom.secretKeyRef, e.g. {name: db, key: password}, and rotate the credential',
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
      // POSTGRES_HOST_PASSWORD_AUTH and SMTP_AUTH may also name a method.
      const certain = second === 'holds' && first !== 'about' && !/_auth$/i.test(name);
      return (first ?? second) !== undefined && (certain || !readable.test(value)) && looksRandom(value);
    };
    const secrets = secretsOf(workload);
    const isSecretName = (name: string, value: string): boolean =>
      secrets.has(value) ||
      (secretNameName.test(name) && value.split(/\s*,\s*/).every((one) => objectName.test(one))) ||
      (says(name, strong) !== 'holds' && secretName.test(value));
    for (const container of workload.containers) {
      for (const env of list(container.object.env)) {
        const name = text(env.name);
        const value = text(env.value)?.slice(0, longestValue);
        if (name === undefined || value === undefined || isPlaceholder(value.trim())) continue;
        // Without its secret, the key ID gives no access.
        if (keyIdName.test(name) && keyId.exec(value)?.[0] === value) continue;
        const data = { container: container.name, workload: workload.title, env: name };
        const behind = decoded(value);
        const what =
          shapeOf(value, isPlaceholder) ?? (behind === undefined ? undefined : shapeOf(behind, isPlaceholder));
        if (what !== undefined) {
          report({ message: 'shape', data: { ...data, what }, on: env, key: 'value' });
          continue;
        }
        // A text that repeats the name is a placeholder: GOOGLE_API_KEY_VAL
        if (
          harmlessName.test(name) ||
          harmless.some((one) => one.test(value)) ||
          isSecretName(name, value) ||
          (name.includes('_') && value.includes(name))
        )
          continue;
        if (isCredential(name, value.slice(0, 4096))) report({ message: 'name', data, on: env, key: 'value' });
      }
    }
  },
});
