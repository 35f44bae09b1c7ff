import { push } from '#model/selector.ts';
import { UserError } from '#errors.ts';
import { eksVersions, knownMinors, minorOf } from '#model/calendar.ts';
import type { Cluster } from '#model/cluster.ts';
import { homeOfUnit, type Resource } from '#model/resource.ts';
import { type Target } from '#rule';
import { clusterTitle } from '#rule/cluster';
import { folderOf } from '#sources/layout.ts';

/** A Kubernetes version that someone asked for, and the words that say who did. */
export interface AskedVersion {
  readonly version: string;
  readonly by: string;
}

/** Asks for the version after that of each running cluster. */
export const nextVersion = 'next';

/**
 * The location of a subject: its file, and what is applied together with it. Paths are relative to the workspace root.
 */
export interface Whereabouts {
  readonly path: string;
  readonly unit?: string;
}

/** Returns the Kubernetes minor versions that a subject is judged against. */
export type TargetFinder = (subject: Whereabouts) => Target;

/** One version and where it comes from. */
interface Named {
  readonly minor: number;
  readonly by: string;
}

/**
 * The Kubernetes minor versions that each subject is judged against: what the user names, otherwise the versions of the
 * clusters defined in the nearest folder upward, otherwise the newest that EKS offers. What a kustomization takes from
 * elsewhere belongs to the folder of the kustomization. A version that EKS no longer runs counts as the oldest that it
 * does: an old example must not hide what fails today. `running` = clusters by the folder whose objects they run.
 * @throws UserError if the data does not know the requested version.
 */
export function findTargets(
  asked: AskedVersion | undefined,
  clusters: readonly Cluster[],
  pathOf: (source: string) => string,
  today: string,
  running: ReadonlyMap<string, { readonly name: string; readonly version: string }> = new Map(),
): TargetFinder {
  const isNext = asked?.version === nextVersion;
  if (isNext && running.size === 0)
    throw new UserError(`${asked.by} ${nextVersion} needs a running cluster`, {
      hint: 'Pass a version, e.g. 1.36.',
    });
  if (asked !== undefined && !isNext) {
    const target = targetFrom([{ minor: knownMinor(asked), by: asked.by }]);
    return () => target;
  }
  const inFolder = new Map<string, Named[]>();
  for (const [folder, { name, version }] of running) {
    const minor = minorOf(version);
    const by = `the version of the running cluster ${name}`;
    if (isNext) {
      if (minor === undefined) throw new UserError(`${asked.by} ${nextVersion}: the version of ${name} is not known`);
      const next = knownMinor({ version: `1.${minor + 1}`, by: `${asked.by} ${nextVersion}` });
      inFolder.set(folder, [{ minor: next, by: `the version after ${by.slice('the version of '.length)}` }]);
    } else if (minor !== undefined && minor <= knownMinors.newest) inFolder.set(folder, [{ minor, by }]);
  }
  for (const cluster of clusters) {
    // Files next to an object that defines a cluster are applied where that object is, which is another cluster.
    if (cluster.input === 'kubernetes') continue;
    const named = versionOf(cluster, today);
    if (named === undefined) continue;
    const folder = folderOf(pathOf(cluster.at.source));
    if (isNext && running.has(folder)) continue;
    push(inFolder, folder, named);
  }
  const newest = targetFrom([{ minor: minorOf(eksVersions[0]?.version ?? '') ?? 0, by: 'the newest EKS version' }]);
  const known = new Map<string, Target | undefined>();
  const upFrom = (folder: string): Target | undefined => {
    if (inFolder.size === 0) return undefined;
    if (known.has(folder)) return known.get(folder);
    const here = inFolder.get(folder);
    // Paths that leave the root are in no folder of it.
    const top = folder === '' || folder === '..' || folder.endsWith('/..');
    const found = here ? targetFrom(here) : top ? undefined : upFrom(folderOf(folder));
    known.set(folder, found);
    return found;
  };
  return ({ path, unit }) => {
    const folder = folderOf(path);
    const root = homeOfUnit(unit);
    const isElsewhere = root !== undefined && root !== '' && folder !== root && !folder.startsWith(`${root}/`);
    return (isElsewhere ? upFrom(root) : undefined) ?? upFrom(folder) ?? newest;
  };
}

/** The folder and unit of a resource, or of what has only a file. */
export const whereaboutsOf = (path: string, resource?: Pick<Resource, 'belonging'>): Whereabouts =>
  resource ? { path, unit: resource.belonging.unit } : { path };

/** @throws UserError, which names the known versions. */
function knownMinor({ version, by }: AskedVersion): number {
  const minor = /^1\.\d{1,3}$/.test(version) ? minorOf(version) : undefined;
  const { oldest, newest } = knownMinors;
  if (minor === undefined || minor < oldest || minor > newest) {
    // v1.36 and 1.36.2: what kubectl and release pages show.
    const bare = /^v?(1\.\d{1,3})(?:\.\d+)?$/.exec(version)?.[1];
    throw new UserError(`${by}: "${version}" is not a known Kubernetes version`, {
      hint:
        bare !== undefined && bare !== version
          ? `Write the minor version only: ${bare}`
          : `Known versions are 1.${oldest} to 1.${newest}.`,
    });
  }
  return minor;
}

/** The version that a cluster runs; undefined if unknown. */
function versionOf(cluster: Cluster, today: string): Named | undefined {
  const written = minorOf(String(cluster.version.value ?? ''));
  if (written === undefined || written > knownMinors.newest) return undefined;
  const running = eksVersions.filter(({ endExtended }) => today < endExtended).at(-1);
  const oldest = minorOf(running?.version ?? '') ?? written;
  const title = cluster.subject.name === '' ? 'a cluster' : clusterTitle(cluster);
  const where = `${title} in ${cluster.at.source}`;
  return written < oldest
    ? { minor: oldest, by: `the oldest version that EKS runs; ${where} has 1.${written}` }
    : { minor: written, by: `the version of ${where}` };
}

function targetFrom(versions: readonly Named[]): Target {
  const sorted = [...versions].sort((a, b) => a.minor - b.minor);
  const [lowest = { minor: 0, by: '' }] = sorted;
  const highest = sorted.at(-1) ?? lowest;
  return { lowest: lowest.minor, highest: highest.minor, lowestFrom: lowest.by, highestFrom: highest.by };
}
