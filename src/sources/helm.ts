import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { UserError } from '#errors.ts';
import type { Note } from '#model/finding.ts';
import type { Source } from '#syntax/tree.ts';
import type { FoundChart } from './files.ts';
import type { ChartFacts } from './layout.ts';
import { findProgram, runProgram } from './program.ts';
import { alignLines } from './align.ts';

/** Limit for loops in templates: no chart installs this many objects. */
const mostDocuments = 10_000;

/** The values of `--render` and `--values`. */
export interface RenderRequest {
  readonly cwd: string;
  /** `<chart>=<file>`, as on the command line. */
  readonly values: readonly string[];
  readonly progress?: ((words: string) => void) | undefined;
  readonly factsOf: (chartYaml: Source) => ChartFacts;
  /** Ids of the files that are read as they are. */
  readonly read: ReadonlySet<string>;
}

const slashes = (path: string): string => (sep === '/' ? path : path.replaceAll(sep, '/'));
const inside = (path: string, folder: string): boolean => path === folder || path.startsWith(folder + sep);

type Chart = FoundChart & ChartFacts;

/**
 * Renders charts with the user's helm and returns the documents as texts of their templates. A chart that cannot be
 * rendered makes the run incomplete, and the others continue.
 * @throws UserError for values that belong to no chart, or that do not exist.
 */
export async function renderCharts(
  found: readonly FoundChart[],
  request: RenderRequest,
): Promise<{ readonly sources: Source[]; readonly notes: Note[] }> {
  const { cwd } = request;
  const wanted = found.filter(({ templates }) => [...templates.values()].includes(true));
  const isTarget = new Map(found.flatMap(({ templates }) => [...templates]));
  // A chart in the folder `charts` of another is rendered with it, with its values.
  const isPart = ({ path }: FoundChart): boolean =>
    wanted.some((one) => path.startsWith(one.path === '' ? 'charts/' : `${one.path}/charts/`));
  const charts = wanted
    .filter((one) => !isPart(one))
    .map((one): Chart => {
      const source = { id: '', path: '', text: readFileSync(join(one.folder, 'Chart.yaml'), 'utf8'), target: false };
      return { ...one, ...request.factsOf(source) };
    });
  const values = valuesOf(request, charts);
  const sources: Source[] = [];
  const notes: Note[] = [];
  const helm = charts.some(({ isLibrary }) => !isLibrary) ? findProgram('helm') : undefined;
  for (const chart of charts) {
    const at = { source: slashes(relative(cwd, join(chart.folder, 'Chart.yaml'))), path: '' };
    if (chart.isLibrary) {
      notes.push({ kind: 'skipped', message: 'library charts, which cannot be rendered', count: 1 });
      continue;
    }
    const leave = (why: string): void =>
      void notes.push({ kind: 'incomplete', message: `chart not rendered: ${why}`, at });
    if (helm === undefined) {
      leave('--render needs helm, which is not in PATH');
      continue;
    }
    const link = leavingLink(chart.folder, realpathSync(chart.root));
    if (link !== undefined) {
      leave(`the link ${slashes(relative(cwd, link))} leads outside the workspace`);
      continue;
    }
    request.progress?.(`rendering ${slashes(relative(cwd, chart.folder)) || '.'}`);
    const { stdout, failed } = await runProgram(
      helm,
      argumentsFor(chart, values.get(chart.folder) ?? []),
      chart.folder,
    );
    const documents = failed === undefined ? (stdout.match(/^---\s*$/gm)?.length ?? 0) : 0;
    if (documents > mostDocuments)
      leave(`it makes ${documents} documents, and more than ${mostDocuments} of one chart are not judged`);
    else if (failed === undefined) sources.push(...sourcesOf(stdout, chart, isTarget, request));
    else
      leave(
        /missing in charts\/ directory/.test(failed) ? `${failed} (helm dependency build puts them there)` : failed,
      );
  }
  return { sources, notes };
}

/**
 * Everything after `--` is a name, whatever it looks like; paths are absolute, so that none is read as a URL or a flag.
 */
const argumentsFor = ({ name, folder }: Chart, values: readonly string[]): readonly string[] => [
  'template',
  '--include-crds',
  '--namespace=default',
  // The flag takes a list in CSV format.
  ...values.map((file) => `--values=${/[",\r\n]/.test(file) ? `"${file.replaceAll('"', '""')}"` : file}`),
  '--',
  // A release name must be a valid label (Helm documentation, helm install).
  /^[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?$/.test(name) ? name : 'release-name',
  folder,
];

/** The values files for the folder of each chart. */
function valuesOf({ values, cwd }: RenderRequest, charts: readonly Chart[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const word of values) {
    const at = word.indexOf('=');
    const [name, file] = [word.slice(0, at), word.slice(at + 1)];
    if (at < 1 || file === '')
      throw new UserError(`--values ${word} does not map a chart to a file`, {
        hint: 'For example: --values charts/web=values/prod.yaml',
      });
    const chosen = charts.filter((one) => one.folder === resolve(cwd, name));
    const named =
      chosen.length > 0 ? chosen : charts.filter((one) => one.name === name || basename(one.folder) === name);
    if (named.length === 0) {
      const names = charts.map(({ folder }) => slashes(relative(cwd, folder)) || '.');
      throw new UserError(`--values ${word}: no chart "${name}" is rendered`, {
        hint: names.length === 0 ? 'This run has no chart.' : `Charts are ${names.slice(0, 10).join(', ')}.`,
      });
    }
    const full = resolve(cwd, file);
    if (!existsSync(full))
      throw new UserError(`--values ${word}: ${file} does not exist`, {
        hint: 'Paths are relative to the working directory.',
      });
    for (const { folder } of named) found.set(folder, [...(found.get(folder) ?? []), full]);
  }
  return found;
}

/** A link in a chart that leads outside the workspace, which helm would follow, including links in linked folders. */
function leavingLink(folder: string, root: string, seen = new Set<string>()): string | undefined {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isSymbolicLink()) continue;
    const link = join(entry.parentPath, entry.name);
    let real: string;
    try {
      real = realpathSync(link);
    } catch {
      continue; // it is dangling, which helm reports
    }
    if (!inside(real, root)) return link;
    if (seen.has(real) || !statSync(real).isDirectory()) continue;
    seen.add(real);
    const below = leavingLink(real, root, seen);
    if (below !== undefined) return below;
  }
  return undefined;
}

/** One document of the output: where it comes from, its first line in the output, and its lines. */
interface Document {
  readonly from: string | undefined;
  readonly line: number;
  readonly lines: readonly string[];
}

function documentsOf(output: string): Document[] {
  const lines = output.split('\n');
  const starts = lines.flatMap((line, i) => (/^---\s*$/.test(line) ? [i] : []));
  if (starts[0] !== 0) starts.unshift(-1);
  return starts.map((start, i) => {
    const own = lines.slice(start + 1, starts[i + 1] ?? lines.length);
    // Only the first line is from helm: a template may write the same.
    const [, from] = /^# Source: (.+)$/.exec(own[0]?.trimEnd() ?? '') ?? [];
    return { from, line: start + 2, lines: own };
  });
}

/** The documents of a chart, one text for each template. */
function sourcesOf(
  output: string,
  chart: Chart,
  isTarget: ReadonlyMap<string, boolean>,
  { cwd, read }: RenderRequest,
): Source[] {
  const byFile = new Map<string, Document[]>();
  const files = new Map<string | undefined, string>();
  for (const document of documentsOf(output)) {
    if (document.lines.every((line) => /^\s*(#|$)/.test(line))) continue;
    const file = files.get(document.from) ?? fileOf(document.from, chart);
    files.set(document.from, file);
    const own = byFile.get(file);
    if (own) own.push(document);
    else byFile.set(file, [document]);
  }
  return [...byFile].flatMap(([file, documents]): Source[] => {
    const id = slashes(relative(cwd, file));
    // Files in `crds` are not templates: they are read as they are, with their own locations.
    if (read.has(id) && basename(dirname(file)) === 'crds') return [];
    const inner = slashes(relative(chart.folder, file));
    const path = chart.path === '' ? inner : `${chart.path}/${inner}`;
    const isTemplate = /(^|\/)templates\//.test(inner);
    const lines = documents.flatMap((one) => ['---', ...one.lines]);
    const numbers = documents.flatMap((one) => [one.line - 1, ...one.lines.map((_, i) => one.line + i)]);
    let aligned: readonly (number | undefined)[] | undefined;
    let template: readonly string[] | undefined;
    const placeOf = (line: number): ReturnType<NonNullable<Source['rendered']>['placeOf']> => {
      template ??=
        isTemplate && lstatSync(file, { throwIfNoEntry: false })?.isFile()
          ? readFileSync(file, 'utf8').split(/\r?\n/)
          : [];
      aligned ??= alignLines(lines, template);
      const from = aligned[line - 1];
      const written = from === undefined ? undefined : template[from];
      return {
        ...(from === undefined || written === undefined ? {} : { from: { line: from + 1, text: written } }),
        output: `line ${numbers[line - 1] ?? line} of the output of helm template`,
      };
    };
    return [
      {
        id,
        path,
        text: lines.join('\n'),
        // Output from no known file, such as a chart in an archive, belongs to the requested chart.
        target: isTarget.get(path) ?? true,
        rendered: { release: chart.path, placeOf },
      },
    ];
  });
}

/** The file that a document comes from: a template of the chart, the archive that contains it, or the chart itself. */
function fileOf(from: string | undefined, { folder, name }: Chart): string {
  const steps = (from ?? '').split('/');
  const inner = steps[0] === name ? steps.slice(1) : steps;
  const chart = join(folder, 'Chart.yaml');
  if (from === undefined || inner.length === 0 || inner.some((step) => step === '..' || step === '')) return chart;
  const file = join(folder, ...inner);
  if (existsSync(file)) return file;
  if (inner[0] !== 'charts' || inner[1] === undefined) return chart;
  const archive = readdirSync(join(folder, 'charts')).find(
    (one) => one.startsWith(`${inner[1]}-`) && one.endsWith('.tgz'),
  );
  return archive === undefined ? chart : join(folder, 'charts', archive);
}
