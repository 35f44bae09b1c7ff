import { Field } from './field.ts';

/** Why a default cannot be told: the major versions that may be meant differ in it. */
export class Unsure {
  readonly why: string;

  constructor(why: string) {
    this.why = why;
  }
}

/**
 * How a format spells one property of CloudFormation, where that is irregular: another path, alternatives of which the first written
 * one counts, other values, a default that the tool has, or a function where several keys decide. '' is the item itself.
 */
export type Row =
  | string
  | readonly [string, ...string[]]
  | {
      readonly at?: string | readonly [string, ...string[]];
      /** Pairs of their value and ours. */
      readonly values?: readonly (readonly [theirs: unknown, ours: unknown])[];
      /** What the tool takes where nothing is written, in our words. */
      readonly else?: unknown;
    }
  | ((resource: Field) => Field);
/** By the whole path of the property below its resource (`Logging.ClusterLogging.EnabledTypes`), or below an item of a list (`SecurityGroupIngress[].CidrIp`). */
export type Rows = Readonly<Record<string, Row>>;

/** How a format writes the properties of a resource. */
export interface Spelling {
  /** The regular spelling of one name. */
  readonly name: (name: string) => string;
  /** A map may be written as a list of one. */
  readonly blocks: boolean;
  readonly rows: Rows;
}

/** `PublicAccessCidrs` → `public_access_cidrs`. */
export const snakeCase = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();
/** `PublicAccessCidrs` → `publicAccessCidrs`. */
export const camelCase = (name: string): string => name.slice(0, 1).toLowerCase() + name.slice(1);
/** CloudFormation's own names. */
export const asIs = (name: string): string => name;

/** What a format cannot say. */
export const none: Row = (resource) => resource.unsayable();

/** An entry below a field, by the format's own key. */
export const step = (spelling: Spelling, field: Field, key: string): Field =>
  (spelling.blocks ? field.single : field).get(key);

/** What a row says of a resource or of an item of a list; `regular` is where the property stands by its regular spelling. */
export function follow(spelling: Spelling, row: Row, root: Field, regular: () => Field): Field {
  if (typeof row === 'function') return row(root);
  const walk = (path: string): Field =>
    path === '' ? root : path.split('.').reduce((field, key) => step(spelling, field, key), root);
  const find = (at: string | readonly [string, ...string[]] | undefined): Field => {
    if (at === undefined) return regular();
    if (typeof at === 'string') return walk(at);
    return Field.either(at.map(walk) as [Field, ...Field[]]);
  };
  if (typeof row === 'string' || Array.isArray(row)) return find(row as string | readonly [string, ...string[]]);
  const { at, values, else: fallback } = row as Exclude<Row, string | readonly string[] | ((field: Field) => Field)>;
  const field = find(at);
  const encode = values && ((value: unknown) => values.find(([, ours]) => ours === value)?.[0]);
  if (field.absent) {
    if (fallback instanceof Unsure) return field.doubted(fallback.why, true);
    const filled = fallback === undefined ? field : field.filled(fallback);
    return encode && fallback !== undefined ? filled.as(fallback, encode) : filled;
  }
  const pair = values?.find(([theirs]) => theirs === field.value);
  return field.why === undefined && pair && encode ? field.as(pair[1], encode) : field;
}

/** Parameters of the control plane and of its upgrades, for tools that have no words for them. */
export const noParameters: Rows = {
  ControlPlaneScalingConfig: none,
  KubeApiServerConfig: none,
  KubeControllerManagerConfig: none,
  KubeSchedulerConfig: none,
  RollbackConfig: none,
  Force: none,
};
