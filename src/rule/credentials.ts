import { isRecord } from '#model/shape.ts';
import { endsOf, matchesAny, pattern, whole } from './pattern.ts';

/*
 * How credentials are distinguished from other strings: by their form, or by the name of what contains them and how
 * random the value looks. Nothing here reveals a value: callers learn what it is and what it is called.
 */

/**
 * Example credentials in the documentation of AWS, which end in EXAMPLE or EXAMPLEKEY: AKIAIOSFODNN7EXAMPLE and its
 * secret.
 */
const exampleOfAws = /^(?:(?:AKIA|ASIA)[A-Z0-9]{9}EXAMPLE|[A-Za-z0-9/+]{30}EXAMPLEKEY)$/;
/** Names of variables for an access key ID, which alone is not a credential. */
const keyIdName = /^(?!.*secret).*(?:access_?key(?:_?id)?|key_?id)$/i;
const keyId = /(?<![A-Za-z0-9])(?:AKIA|ASIA)(?![A-Z0-9]{9}EXAMPLE)[A-Z0-9]{16}(?![A-Za-z0-9])/;

/**
 * What credentials look like. Each pattern starts at the beginning of a word and is bounded or unambiguous, so that no
 * input is slow.
 */
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
/**
 * `password=` in a connection string, a URL or a JAAS configuration: the text also names a server or a login, which SQL
 * does not.
 */
const pairPassword = /(?:^|[\s;?&])(?:password|pwd)=(?:"([^"]{1,500})"|([^\s;&"]{1,500}))/gi;
const namesPassword = /(?:password|pwd)=/i;
const server = /(?:^|[\s;])(?:server|host|data source|addr)\s*=|:\/\/|LoginModule\s|(?:^|\s)username="/i;

/** Whether a value is a placeholder because it repeats its name: GOOGLE_API_KEY_VAL. */
const repeats = (name: string, value: string): boolean => name.includes('_') && value.includes(name);
/** A path, absolute or relative. */
const path = /^(?:\/|\.{1,2}\/|~\/)[\w./@:+-]*$/;
/** What people write in uppercase in place of a value. */
const filledLater =
  /^(?:REPLACE|CHANGE|INSERT|FILL)[-_ ]?(?:ME|THIS|IT)\b|^(?:TODO|FIXME|PLACEHOLDER|REDACTED|TBD)$|^\.{3}.*\.{3}$/;
/** The credentials of an example in documentation: `user:password@`. */
const exampleLogin = /\/\/(?:user|username|<user>):(?:pass|password|pwd|<password>)@$/i;

/**
 * A reference that something replaces: `$(A)`, `{{ a }}`, `{% a %}`, `${A}`, `#{A}`, `$A`, `{a}`, `%A%`, `__A__`, `%s`;
 * in Python also `{a['b']}` and `{}`.
 */
const mark =
  /\$\([\w.-]+\)|\{\{|\{%|[$#]\{\w|^\$[A-Z_][A-Z0-9_]*$|^\{(?:\w+(?:\[['"]?\w+['"]?\]|\.\w+)*)?\}$|^%\w+%$|^__[A-Z][A-Z0-9_]*__$|^%s$/;
/**
 * References to a secret in a store, and ciphertext. Sources: the documentation of bank-vaults (`vault:path#key`,
 * `>>vault:`), vals (`ref+scheme://`), SOPS (`ENC[...]`), Jasypt (`ENC(...)`), Spring Cloud Config (`{cipher}`),
 * Ansible Vault, AWS KMS (ciphertext in base64 starts with AQICAH), age and PGP, Azure App Service
 * (`@Microsoft.KeyVault`), Google Secret Manager, 1Password (`op://`).
 */
const reference =
  /^(?:>{1,2})?vault:[\w./-]+[#:]|^(?:ref|secretref)\+[a-z]|^ENC[[(]|^\{(?:cipher|aes)\}|^\$ANSIBLE_VAULT;|^AQICAH|^age1[a-z0-9]{20}|^-----BEGIN (?:PGP MESSAGE|AGE ENCRYPTED FILE)|^@Microsoft\.KeyVault\(|^projects\/[\w-]+\/secrets\/|^op:\/\/|^(?:aws-?)?(?:ssm|secretsmanager|sm|kms|gsm|gcpsm|akv|keyvault|azurekeyvault|doppler|conjur|infisical|berglas|sops|file|env):[\w./-]+/i;

/** A name, address or number where a credential might have been. */
const harmless: readonly RegExp[] = [
  /^\s*$/,
  mark,
  reference,
  exampleOfAws,
  path,
  /^[A-Za-z]:\\/, // a path
  /^[a-z][a-z0-9+.-]{1,20}:\/\//i,
  /^arn:aws[a-z-]*:/, // an address; one with a password was found earlier
  /^(?:true|false|yes|no|on|off)$/i,
  /^[+-]?\d+(?:\.\d+)?(?:ms|[smhd])?$/,
  /^[a-z0-9][a-z0-9./-]*-secrets?$/,
  /^[\w.-]{1,80}\.(?:pem|key|crt|cer|p12|pfx|jks|json|ya?ml|txt|conf)$/i, // a file
];
const harmlessName = /_(?:FILE|PATH|NAME|ARN|URL|TTL|ENABLED)$/i;
/** Words with separators: they have the entropy of a token, but nothing random. */
const words = /^[A-Za-z]{1,15}(?:[-_. :/,][A-Za-z]{1,15})*$/;
/**
 * The same with numbers (`eu-central-1`, `app-v2`, `cl100k_base`), and what no generator produces: sentences, patterns,
 * markup.
 */
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

/** What each of these starts with or contains: most strings contain none, which one search shows. */
const anyShape =
  /AKIA|ASIA|gh[posur]_|github_pat_|glpat-|xox[abprs]-|hooks\.slack\.com|AIza|sk_live_|SG\.|npm_|eyJ|AGE-SECRET-KEY|PRIVATE KEY/;

/** The kind of token or key that a text contains, if any. */
const tokenIn = (value: string): string | undefined =>
  anyShape.test(value) ? shapes.find(([, form]) => form.test(value))?.[0] : undefined;

/** What the value is, if it has the form of a known credential. */
function shapeOf(value: string, isPlaceholder: (word: string) => boolean): string | undefined {
  const token = tokenIn(value);
  if (token !== undefined) return token;
  const holds = (form: RegExp): boolean =>
    [...value.matchAll(form)].some(([all, quoted, bare]) => {
      const password = quoted ?? bare ?? '';
      return !isPlaceholder(password) && !mark.test(password) && !exampleLogin.test(all);
    });
  if (value.includes('@') && holds(urlPassword)) return 'a URL with a password';
  return value.includes('=') && namesPassword.test(value) && server.test(value) && holds(pairPassword)
    ? 'a connection string with a password'
    : undefined;
}

/**
 * What a name says about the value. DB_PASSWORD is a password; PASSWORD_POLICY and TOKENIZER are about something else,
 * as the name goes on after the match. A plural and numbers do not count.
 */
function says(name: string, one: RegExp): 'holds' | 'about' | undefined {
  if (!matchesAny(name, [one])) return undefined;
  return endsOf(name, one).some((end) => /^s?[^A-Za-z]*$/i.test(name.slice(end))) ? 'holds' : 'about';
}

const shortestEncoded = 20;
const encodedText = /^[A-Za-z0-9+/\s]{20,}[=\s]*$/;
/** The text that is encoded as base64, if it is. */
function decoded(value: string): string | undefined {
  if (value.length < shortestEncoded || !encodedText.test(value)) return undefined;
  const bare = value.replace(/\s/g, '');
  return /^[A-Za-z0-9+/]{20,}={0,2}$/.test(bare) ? Buffer.from(bare, 'base64').toString('latin1') : undefined;
}

const defaultPlaceholders = ['xxx+', '<.*>', '\\*+', '\\.\\.\\.', '(?i)(insert|your|replace|enter)[-_ ].*'];

/** The options of rules that look for credentials by name. */
export const credentialOptions = {
  names: {
    type: 'string',
    patterns: true,
    default: '(?i)(passw(or)?d|passphrase|pwd|secret_?key|client_?secret|api_?key|access_?key|private_?key)',
    description: 'Names for a credential. If the name continues after the match, only values that look random count.',
  },
  weakNames: {
    type: 'string',
    patterns: true,
    default: '(?i)(secret|token|credential|bearer|_auth$)',
    description: 'Names for a credential if the value looks random.',
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
    default: defaultPlaceholders,
    description: 'Patterns for whole values that are placeholders.',
  },
} as const;

interface CredentialOptions {
  readonly names: string;
  readonly weakNames: string;
  readonly minEntropy: number;
  readonly placeholders: readonly string[];
}

const defaults: CredentialOptions = {
  names: credentialOptions.names.default,
  weakNames: credentialOptions.weakNames.default,
  minEntropy: credentialOptions.minEntropy.default,
  placeholders: defaultPlaceholders,
};

/** Recognizes credentials, with the options of a rule. */
export interface CredentialReader {
  /**
   * Whether the value of a name stands for one that is filled in later: a placeholder, a mark, a reference to a store
   * or file, ciphertext, an example.
   */
  isStandIn(name: string, value: string): boolean;
  /** What a value is if it has the form of a known credential, in plain text or in base64. */
  shapeOf(value: string): string | undefined;
  /**
   * Whether a name says that a value is a credential, and the value looks like one. `secrets` are names of Secrets (the
   * objects).
   */
  isNamed(name: string, value: string, secrets?: ReadonlySet<unknown>): boolean;
  /** Whether a value looks random: it does not consist of words, and has enough different characters. */
  looksRandom(value: string): boolean;
}

/** The reader for some options; the defaults unless they are given. */
export function credentialReader(options: CredentialOptions = defaults): CredentialReader {
  const known = readers.get(options) ?? makeReader(options);
  readers.set(options, known);
  return known;
}
const readers = new WeakMap<CredentialOptions, CredentialReader>();

function makeReader(options: CredentialOptions): CredentialReader {
  const placeholders = options.placeholders.map((one) => whole(pattern(one)));
  const isPlaceholder = (value: string): boolean => matchesAny(value.trim(), placeholders);
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
  const isSecretName = (name: string, value: string, secrets: ReadonlySet<unknown> | undefined): boolean =>
    secrets?.has(value) === true ||
    (secretNameName.test(name) && value.split(/\s*,\s*/).every((one) => objectName.test(one))) ||
    (says(name, strong) !== 'holds' && secretName.test(value));
  return {
    isStandIn: (name, value) =>
      isPlaceholder(value) ||
      repeats(name, value) ||
      path.test(value.trim()) ||
      filledLater.test(value.trim()) ||
      value.trim() === '' ||
      mark.test(value) ||
      reference.test(value) ||
      exampleOfAws.test(value),
    shapeOf: (value) => {
      const behind = decoded(value);
      const what = shapeOf(value, isPlaceholder) ?? (behind === undefined ? undefined : shapeOf(behind, isPlaceholder));
      return what !== undefined && isPlaceholder(value) ? undefined : what;
    },
    isNamed: (name, value, secrets) =>
      !isPlaceholder(value) &&
      !harmlessName.test(name) &&
      !harmless.some((one) => one.test(value)) &&
      !isSecretName(name, value, secrets) &&
      !repeats(name, value) &&
      isCredential(name, value.slice(0, 4096)),
    looksRandom,
  };
}

/** Whether a value is an access key ID under its own name, which gives no access without its secret. */
export const isLoneKeyId = (name: string, value: string): boolean =>
  keyIdName.test(name) && keyId.exec(value)?.[0] === value;

/** What a multi-line string contains: a known form of credential, and the names of others. */
export interface TextCredentials {
  readonly what: string | undefined;
  readonly names: readonly string[];
}

const comment = /^[ \t]*(?:#|\/\/|;).*$/gm;
/** `name: value`, `name=value`, as YAML, properties, INI, TOML and env files have them. */
const pair = /^[ \t]*(?:-[ \t]+)?(?:export[ \t]+)?["']?([A-Za-z_][\w.-]{0,80})["']?[ \t]*[:=][ \t]*([^\s].{0,4096})$/gm;
/** What no value of a settings file looks like: programs, references, nested YAML, absence. */
const notLiteral = /^[$`<%!&*|>[{@]|[(){}[\]]|^(?:null|nil|none|undefined|string|~)$/i;
/** Settings files in strings, by their name. */
const settingsFile = /\.(?:properties|ya?ml|json|ini|conf|cfg|toml|env)$/i;
/** Whether a value is a settings file: it has several lines, or the name of such a file. */
export const isSettings = (name: string, value: string): boolean =>
  value.trim().includes('\n') || settingsFile.test(name);
/** Programs and prose, in which pairs mean something else. */
const programFile =
  /\.(?:py|js|mjs|ts|lua|go|sql|html?|md|txt|rst|rego|star|cue|tpl|tmpl|gotmpl|rb|pl|php|css|xml|java|groovy)$/i;

/** The value of a pair without quotes, comments and separators; undefined if it is not a literal. */
function literalOf(written: string): string | undefined {
  const [, , quoted] = /^(["'])((?:(?!\1).){0,4096})\1/.exec(written) ?? [];
  if (quoted !== undefined) return /^[$`]/.test(quoted) ? undefined : quoted;
  const bare = written
    .replace(/\s[#;].*$/, '')
    .replace(/[,;]\s*$/, '')
    .trim();
  return bare === '' || /["']/.test(bare) || /\s/.test(bare) || notLiteral.test(bare) ? undefined : bare;
}

/** All `name: string` pairs of parsed JSON; what is deeper than real settings is left out. */
function* pairsOf(value: unknown, depth = 0): Generator<readonly [string, string]> {
  if (depth > 100) return;
  if (Array.isArray(value)) for (const one of value) yield* pairsOf(one, depth + 1);
  else if (isRecord(value))
    for (const [name, inner] of Object.entries(value))
      if (typeof inner === 'string') yield [name, inner];
      else yield* pairsOf(inner, depth + 1);
}

function parsedJson(value: string): unknown {
  if (!/^\s*[{[]/.test(value)) return undefined;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return undefined; // YAML, or a text that only starts like JSON
  }
}

/**
 * What a text contains that has the form of a known credential. In comments only tokens and keys count, not the logins
 * of examples.
 */
export const formIn = (value: string, reader: CredentialReader): string | undefined =>
  value.includes('\n') ? (tokenIn(value) ?? reader.shapeOf(value.replace(comment, ''))) : reader.shapeOf(value);

/** The credentials in a settings file; `file` is its name. */
export function credentialsIn(value: string, file: string, reader: CredentialReader): TextCredentials {
  const what = formIn(value, reader);
  if (programFile.test(file)) return { what, names: [] };
  const open = value.replace(comment, '');
  const parsed = parsedJson(value);
  const pairs =
    parsed === undefined
      ? Array.from(open.matchAll(pair), ([, name = '', written = '']) => [name, literalOf(written.trimEnd())] as const)
      : [...pairsOf(parsed)];
  const names = pairs.flatMap(([name, literal]) =>
    literal !== undefined && !isLoneKeyId(name, literal) && reader.isNamed(name, literal) ? [name] : [],
  );
  const encoded = what ?? pairs.flatMap(([, literal = '']) => reader.shapeOf(literal) ?? [])[0];
  return { what: encoded, names: [...new Set(names)] };
}

/** `a, b and c`, at most three of them. */
export function listNames(names: readonly string[]): string {
  const shown = names.length > 3 ? [...names.slice(0, 3), `${names.length - 3} more`] : names;
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}` : (shown[0] ?? '');
}
