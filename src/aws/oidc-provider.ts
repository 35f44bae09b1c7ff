import type { OidcProvider } from '#model/aws.ts';
import type { Description } from '#spelling/resource.ts';
import { partOf } from './part.ts';
import { isEksIssuer } from './policy.ts';

/** The OIDC providers of a description (IAM API reference, CreateOpenIDConnectProvider). */
export const readOidcProviders = (description: Description): OidcProvider[] =>
  description.of('AWS::IAM::OIDCProvider').map((resource) => {
    const { body } = resource;
    const url = body.path('Url');
    return partOf('oidcProvider', description.input, resource, url.text(), {
      url: url.given(),
      clientIds: body.path('ClientIdList').texts(),
      isEks: isEksIssuer(url.field, description),
    });
  });
