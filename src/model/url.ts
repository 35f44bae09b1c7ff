/**
 * A URL, or text that may hold one, as reports print it: without passwords, tokens and the values of parameters that could be secrets.
 * The revision that is asked for stays.
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
 * A sentence that may quote a value with credentials, as reports print it. A name and a password in front of a host are taken for such,
 * not the tag and digest of an image.
 */
export function withoutQuotedCredentials(text: string): string {
  // Nearly all sentences hold neither, and a look for one character is cheap.
  const withoutLogin = text.includes('@') ? text.replace(/[^\s/@"'`:]+:[^\s/@"'`]+@(?!sha\d+:)/g, '***@') : text;
  if (!withoutLogin.includes('=')) return withoutLogin;
  return withoutLogin.replace(/([?&])([\w.-]+)=([^&#\s"'`]+)/g, (whole, mark: string, name: string) =>
    plainParameters.has(name.toLowerCase()) ? whole : `${mark}${name}=***`,
  );
}

/** Query parameters of kustomize and Terraform (go-getter) that say what is fetched, not who asks. */
const plainParameters = new Set(['ref', 'version', 'timeout', 'submodules', 'depth', 'archive', 'checksum', 'region']);
