/**
 * `spec.forProvider.tags[a.b/c]` and `subnets[0]` as keys; periods and quotes in brackets are not separators
 * (https://pkg.go.dev/github.com/crossplane/crossplane-runtime/v2/pkg/fieldpath).
 */
export const stepsOf = (path: string): string[] =>
  [...path.matchAll(/\[([^\]]*)\]|([^.[\]]+)/g)].map(
    ([, inner, word]) => word ?? (inner ?? '').replace(/^["']|["']$/g, ''),
  );
