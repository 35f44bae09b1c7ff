/** The parts of an image reference (distribution reference grammar). The default registry is `docker.io`. */
export interface ImageReference {
  readonly registry: string;
  /** Without the registry: `library/nginx` for `nginx`. */
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** Reads an image reference. Invalid text gives odd parts, never an error; an empty tag or digest (`web:`) counts as missing. */
export function parseImage(image: string): ImageReference {
  const [rest = '', digest] = image.split('@', 2);
  const slash = rest.indexOf('/');
  const head = slash < 0 ? '' : rest.slice(0, slash);
  const hasRegistry = head.includes('.') || head.includes(':') || head === 'localhost';
  const name = hasRegistry ? rest.slice(slash + 1) : rest;
  const colon = name.lastIndexOf(':');
  const path = colon > name.lastIndexOf('/') ? name.slice(0, colon) : name;
  const registry = hasRegistry ? head : 'docker.io';
  return {
    registry,
    repository: registry === 'docker.io' && !path.includes('/') ? `library/${path}` : path,
    tag: (colon > name.lastIndexOf('/') && name.slice(colon + 1)) || undefined,
    digest: digest || undefined,
  };
}
