import { defineRule } from '#rule';
import { credentialReader, credentialsIn, isSettings, listNames } from '#rule/credentials';
import { digRecord, text } from '#rule/shape';
import { isEncrypted } from '#rule/sops';

/** Keys whose values are public, and longer keys with this suffix: POSTGRES_USER, db-host, oidcClientId. */
const publicKey =
  /^(?:ca|tls)\.crt$|^ca(?:-?(?:cert|bundle))?\.(?:crt|pem)$|^known_hosts$|(?:^|[._-])(?:username|user|url|host(?:name)?|port|name|type|client[._-]?id|domain|fqdn|region)$|(?:User(?:name)?|Url|Host(?:name)?|Port|Name|Type|ClientI[dD]|Domain|Fqdn|Region)$/;
const dockerKey = /docker(?:config(?:json)?|cfg)$/i;

/** The decoded value of an entry of `data`; the value itself if it is not base64. */
function decode(value: string): string {
  const bare = value.replace(/\s/g, '');
  return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/.test(bare)
    ? Buffer.from(bare, 'base64').toString('utf8')
    : value;
}

export default defineRule({
  title: 'Manifests must not contain real Secret values',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Secret'],
  scope: 'resource',
  options: {
    allowTypes: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'Secret types to skip.',
    },
  },
  messages: {
    plain: '{secret} has {keys} in its manifest, plain or in base64, so anyone who can read the repository has it',
  },
  help: 'Create the Secret with External Secrets, the Secrets Store CSI driver, Sealed Secrets or SOPS, and rotate the values',
  equivalents: [
    'kubescape:C-0208',
    'kubescape:C-0234',
    'cis-eks-1.7:4.4.2',
    'kics:Using Kubernetes Native Secret Management',
  ],
  sources: ['EKS Best Practices Guide, Security', 'CIS Amazon EKS Benchmark 1.7'],
  check(secret, { options, report }) {
    if (secret.live) return;
    if (options.allowTypes.includes(text(digRecord(secret.object)?.['type']) ?? '')) return;
    const reader = credentialReader();
    const isPartly = isEncrypted(secret.object);
    const isReal = (key: string, value: string): boolean => {
      if (reader.isStandIn(key, value)) return false;
      // SOPS encrypts what its rules select, so other values are public, except a credential that they miss.
      if (isPartly) return reader.shapeOf(value) !== undefined || reader.isNamed(key, value);
      // A URL may contain a password.
      if (publicKey.test(key) || publicKey.test(key.toLowerCase())) return reader.shapeOf(value) !== undefined;
      if (/^(?:true|false)$/i.test(value.trim())) return false;
      if (!isSettings(key, value) || dockerKey.test(key)) return true;
      const { what, names } = credentialsIn(value, key, reader);
      return what !== undefined || names.length > 0;
    };
    const found = (['data', 'stringData'] as const).flatMap((field) => {
      const on = digRecord(secret.object, field) ?? {};
      return Object.entries(on).flatMap(([key, written]) => {
        const value = text(written);
        if (value === undefined || reader.isStandIn(key, value)) return [];
        return isReal(key, field === 'data' ? decode(value) : value) ? [{ on, key }] : [];
      });
    });
    const [first] = found;
    if (first)
      report({
        message: 'plain',
        data: { secret: secret.title, keys: listNames(found.map(({ key }) => `"${key}"`)) },
        ...first,
      });
  },
});
