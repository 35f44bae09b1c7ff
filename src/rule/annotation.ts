import type { Workload } from '#model/resource.ts';
import { isRecord, record, text } from '#model/shape.ts';

/** One annotation, and the map that contains it. */
export interface Annotation {
  readonly on: Readonly<Record<string, unknown>>;
  readonly key: string;
  /** Empty if it is not a string. */
  readonly value: string;
}

/** The annotations of an object with metadata. */
export function annotationsOf(holder: { readonly metadata?: object | undefined }): readonly Annotation[] {
  const metadata: unknown = record(holder.metadata);
  const on = isRecord(metadata) ? metadata['annotations'] : undefined;
  return isRecord(on) ? Object.entries(on).map(([key, value]) => ({ on, key, value: text(value) ?? '' })) : [];
}

/** The annotations that the pods of a workload get. */
export const podAnnotationsOf = (workload: Workload): readonly Annotation[] => annotationsOf(workload.template);

/**
 * A profile as annotations of seccomp and AppArmor name it, in the form of the field that replaced them; undefined for
 * any other string.
 */
export function profileOf(value: string): { readonly type: string; readonly localhostProfile?: string } | undefined {
  if (value === 'runtime/default' || value === 'docker/default') return { type: 'RuntimeDefault' };
  if (value === 'unconfined') return { type: 'Unconfined' };
  const localhostProfile = /^localhost\/(.+)$/.exec(value)?.[1];
  return localhostProfile === undefined ? undefined : { type: 'Localhost', localhostProfile };
}
