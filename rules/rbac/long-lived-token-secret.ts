import { type AnyResource, defineRule } from '#rule';
import { dig, list, text } from '#rule/shape';

const isToken = ({ object }: { readonly object: object }): boolean =>
  dig(object, 'type') === 'kubernetes.io/service-account-token';
/** Kubernetes puts this label on tokens that have not been used for a year, and rejects them. */
const isInvalid = ({ labels }: Pick<AnyResource, 'labels'>): boolean =>
  labels['kubernetes.io/legacy-token-invalid-since'] !== undefined;

export default defineRule({
  title: 'Long-lived service account token must not be created',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Secret', 'ServiceAccount'],
  needs: ['type'],
  scope: 'workspace',
  messages: {
    secret:
      '{secret} contains a token of ServiceAccount "{account}" that never expires, so a leaked copy works until the Secret is deleted',
    named:
      '{account} lists Secret "{name}", which contains a token that never expires, so a leaked copy works until the Secret is deleted',
  },
  help: {
    secret: 'Delete the Secret, and mount a projected volume with serviceAccountToken, or use kubectl create token',
    named: 'Remove the entry and the Secret: pods get a short-lived token without them',
  },
  equivalents: [],
  sources: ['Kubernetes documentation, Managing Service Accounts', 'Kubernetes documentation, RBAC good practices'],
  check(subject, { report, workspace }) {
    if (subject.kind === 'Secret') {
      if (!isToken(subject) || isInvalid(subject)) return;
      const account = subject.annotations['kubernetes.io/service-account.name'] ?? 'unknown';
      report({ message: 'secret', data: { secret: subject.title, account }, on: subject.object, key: 'type' });
      return;
    }
    // Before 1.24 the controller itself listed its tokens here.
    if (subject.live) return;
    const bundle = workspace.bundle(subject);
    for (const one of list(dig(subject.object, 'secrets') as readonly object[])) {
      const name = text(dig(one, 'name')) ?? '';
      const secret = bundle.find('Secret', name).find(isToken);
      if (secret)
        report({
          message: 'named',
          data: { account: subject.title, name },
          on: one,
          key: 'name',
          related: [secret.at],
          severity: 'low',
        });
    }
  },
});
