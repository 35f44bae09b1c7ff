import { expect, test } from 'vitest';
import { withoutCredentials, withoutQuotedCredentials } from '#model/url.ts';

test('credentials in URLs are not printed; the address is kept', () => {
  const canary = 'kAnaRy';
  const urls: Record<string, string> = {
    [`https://user:${canary}@example.com/org/repo?ref=v1`]: 'https://***@example.com/org/repo?ref=v1',
    [`https://${canary}@example.com/org/repo`]: 'https://***@example.com/org/repo',
    [`git::https://oauth2:${canary}@example.com/repo.git?ref=main&depth=1`]:
      'git::https://***@example.com/repo.git?ref=main&depth=1',
    [`ssh://me:${canary}@example.com/repo`]: 'ssh://***@example.com/repo',
    [`me:${canary}@example.com:org/repo.git`]: '***@example.com:org/repo.git',
    [`https://user:p@ss${canary}@example.com/x`]: 'https://***@example.com/x',
    [`https://example.com/x.yaml?token=${canary}&ref=v1&X-Amz-Signature=${canary}`]:
      'https://example.com/x.yaml?token=***&ref=v1&X-Amz-Signature=***',
    [`git@example.com:org/repo.git?ref=v1&sshkey=${canary}`]: 'git@example.com:org/repo.git?ref=v1&sshkey=***',
    [`https://example.com/x#token=${canary}`]: 'https://example.com/x#token=***',
    'git::ssh://git@example.com/org/repo.git': 'git::ssh://git@example.com/org/repo.git',
    '../base': '../base',
    'oci://example.com/bases/web:1.0': 'oci://example.com/bases/web:1.0',
  };
  for (const [url, shown] of Object.entries(urls)) expect(withoutCredentials(url)).toBe(shown);
});

test('a sentence keeps everything except the credentials that it quotes', () => {
  const said: Record<string, string> = {
    'host "user:kAnaRy@example.com", so it does not': 'host "***@example.com", so it does not',
    'uses postgres://app:kAnaRy@db/x?ssl=on': 'uses postgres://***@db/x?ssl=***',
    'uses "nginx:1@sha256:11" and "a@example.com"': 'uses "nginx:1@sha256:11" and "a@example.com"',
    'grants get on pods: x, to group "a:b"': 'grants get on pods: x, to group "a:b"',
  };
  for (const [text, shown] of Object.entries(said)) expect(withoutQuotedCredentials(text)).toBe(shown);
});
