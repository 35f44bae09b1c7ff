import { dig } from '#model/dig.ts';
import type { Neighbours } from '#model/workspace.ts';
import { unrendered } from './unknown.ts';

/** What renders a chart or another repository into a namespace (any, where none is given), so that it may hold objects that nobody sees here. */
export function chartInto(unit: Neighbours, namespace: string | undefined): string | undefined {
  const here = (target: unknown) => namespace === undefined || namespace === '' || target === namespace || unrendered(target);
  if (unit.all('HelmRelease', '*').some((one) => here(dig(one.object, 'spec', 'targetNamespace') ?? one.namespace))) return 'a HelmRelease';
  if (unit.all('Application', '*').some((one) => one.group === 'argoproj.io' && here(dig(one.object, 'spec', 'destination', 'namespace')))) return 'an Application of Argo CD';
  return undefined;
}
