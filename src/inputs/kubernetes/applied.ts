import { dig } from '#model/dig.ts';
import { groupOf } from '#model/kinds.ts';
import { list, text } from '#model/shape.ts';
import { join } from '../kustomize/input.ts';

/* Folders that Flux and Argo CD apply. */

/**
 * The paths of an Argo CD application's sources in their repository (Argo CD documentation, Application specification).
 */
const pathsOf = (spec: unknown): unknown[] => [
  dig(spec, 'source', 'path'),
  ...list(dig(spec, 'sources') as object[]).map((source) => dig(source, 'path')),
];

/**
 * The folders that an object makes a tool apply, relative to the root of their repository, which may be a different
 * one. If an overlay also includes the folder, it is applied twice: as the overlay changes it, and unchanged.
 */
export function appliedBy(object: Readonly<Record<string, unknown>>): string[] {
  const group = groupOf(object['apiVersion']);
  const kind = text(object['kind']);
  const paths =
    group === 'kustomize.toolkit.fluxcd.io' && kind === 'Kustomization'
      ? [dig(object, 'spec', 'path')]
      : group === 'argoproj.io' && kind === 'Application'
        ? pathsOf(object['spec'])
        : group === 'argoproj.io' && kind === 'ApplicationSet'
          ? pathsOf(dig(object, 'spec', 'template', 'spec'))
          : [];
  return paths.flatMap((path) => (typeof path === 'string' ? (join('', path) ?? []) : []));
}
