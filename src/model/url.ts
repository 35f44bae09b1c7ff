/**
 * A URL, or a string that may contain one, as reports print it: without passwords, tokens and the values of parameters
 * that could be secrets. The requested revision is kept.
 */
export const withoutCredentials = (text: string): string =>
  text
    .replace(/(:\/\/|^)([^/\s?#]+)@/, (whole, before: string, user: string) =>
      user === 'git' ? whole : `${before}***@`,
    )
    .replace(/([?&#])([^=&#\s]+)=([^&#\s]*)/g, (whole, mark: string, name: string) =>
      plainParameters.has(name.toLowerCase()) ? whole : `${mark}${name}=***`,
    );

/**
 * A sentence that may quote a value with credentials, as reports print it. A name and a password before a host count as
 * such, the tag and digest of an image do not.
 */
export function withoutQuotedCredentials(text: string): string {
  // Almost all sentences contain neither, and searching for one character is cheap.
  const withoutLogin = text.includes('@') ? text.replace(/[^\s/@"'`:]+:[^\s/@"'`]+@(?!sha\d+:)/g, '***@') : text;
  if (!withoutLogin.includes('=')) return withoutLogin;
  return withoutLogin.replace(/([?&])([\w.-]+)=([^&#\s"'`]+)/g, (whole, mark: string, name: string) =>
    plainParameters.has(name.toLowerCase()) ? whole : `${mark}${name}=***`,
  );
}

/** Query parameters of kustomize and Terraform (go-getter) that say what is fetched, not who fetches it. */
const plainParameters = new Set(['ref', 'version', 'timeout', 'submodules', 'depth', 'archive', 'checksum', 'region']);
