/**
 * How the workspace is laid out on disk: what belongs together. All paths are relative to the workspace root, with
 * forward slashes, '' for the root itself.
 */
export interface Layout {
  /** Folders that contain a Chart.yaml. */
  readonly charts: ReadonlySet<string>;
  /** Folders that contain a kustomization file. */
  readonly kustomizations: ReadonlySet<string>;
  /** All files that were found, whether they are read or not; unknown if absent. */
  readonly files?: ReadonlySet<string>;
  /** Links inside the workspace, with their targets, which are read by their own names. */
  readonly links?: ReadonlyMap<string, string>;
  /** Those of them that could not be read. */
  readonly unread?: ReadonlySet<string>;
  /** Files with a document that appears to contain objects but cannot be read. */
  readonly broken?: ReadonlySet<string>;
  /** The text of any file inside the workspace, which an expression names; undefined if there is none. */
  readonly textOf?: (path: string) => string | undefined;
  /** Why files next to the ones that were read are missing, if a limit cut them off. */
  readonly cut?: string;
  /** Folders outside the workspace root that are separate roots, as prefixes of the paths of their files. */
  readonly roots?: ReadonlySet<string>;
}

/** Links that lead to links: no real path passes more (Linux, path_resolution). */
const mostLinks = 40;
/** The path by which a file or folder is read that a path may lead to through links. */
export function realPath(path: string, links: Layout['links']): string {
  if (links === undefined || links.size === 0) return path;
  let real = path;
  for (let passed = 0, end = 0; end >= 0 && passed < mostLinks;) {
    end = real.indexOf('/', end + 1);
    const target = links.get(end < 0 ? real : real.slice(0, end));
    if (target === undefined) continue;
    real = end < 0 ? target : target === '' ? real.slice(end + 1) : target + real.slice(end);
    end = 0;
    passed++;
  }
  return real;
}

/** The fields of a Chart.yaml that rendering needs. */
export interface ChartFacts {
  readonly name: string;
  readonly isLibrary: boolean;
}

/** The folder of a path, '' at the root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** The distance from one folder to another, in steps. */
export function distance(from: string, to: string): number {
  const [a, b] = [from, to].map((path) => (path === '' ? [] : path.split('/'))) as [string[], string[]];
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  return a.length + b.length - 2 * same;
}
