import type { Layout } from '#sources/layout.ts';
import type { Tree } from '#syntax/tree.ts';
import { describesAws, installsChart, isAnswer, isCloudFormation, isEksctl, isTerraform } from './claims.ts';
import type { Input, Parts } from './input.ts';
import { notesOnContents } from './kubernetes/inside.ts';
import { kubernetesInput } from './kubernetes/input.ts';
import type { PodTemplates } from './kubernetes/objects.ts';

/** Formats that describe AWS resources. Their readers are loaded for the first document. */
const formats = [
  { claims: isEksctl, load: () => import('./eksctl/input.ts') },
  { claims: isCloudFormation, load: () => import('./cloudformation/input.ts') },
  { claims: isAnswer, load: () => import('./aws-api/input.ts') },
  {
    claims: isTerraform,
    async load() {
      // Strings may also contain expressions: in the JSON syntax, and in templates.
      await (await import('#syntax/hcl.ts')).loadHcl();
      return import('./terraform/input.ts');
    },
  },
] as const;

/**
 * What the formats read from all documents of a run, and the documents that none of them recognizes. `templates`
 * defines where kinds have their pod template.
 */
export async function readInputs(
  trees: readonly Tree[],
  templates: PodTemplates,
  layout: Layout,
): Promise<{ readonly parts: readonly Parts[]; readonly unclaimed: readonly Tree[] }> {
  const kubernetes: Input = kubernetesInput(templates);
  let parts: Parts[] = [
    kubernetes.read(
      trees.filter((tree) => kubernetes.claims(tree)),
      layout,
    ),
  ];
  for (const { claims, load } of formats) {
    const claimed = trees.filter(claims);
    if (claimed.length > 0) parts.push((await load()).read(claimed, templates, layout));
  }
  const objects = parts.flatMap((part) => part.resources.filter(describesAws));
  const all = parts.map((part) => part.resources);
  if (objects.length > 0) {
    const { read } = await import('./kubernetes-aws/input.ts');
    const { replaced, ...found } = read(objects, () => all.flat(), templates);
    if (replaced.size > 0)
      parts = parts.map((part) => ({
        ...part,
        resources: part.resources.flatMap((one) => replaced.get(one) ?? [one]),
      }));
    parts.push(found);
  }
  const others = parts.slice(1).flatMap((part) => part.resources);
  parts.push({ resources: [], clusters: [], notes: notesOnContents(others, new Set()) });
  const releases = parts.flatMap((part) => part.resources.filter(installsChart));
  if (releases.length > 0) parts.push((await import('./helm/objects.ts')).read(releases, templates));
  const descriptions = parts.flatMap((part) => part.descriptions ?? []);
  if (descriptions.length > 0) {
    const { readDescriptions } = await import('#aws/read.ts');
    parts.push(readDescriptions(descriptions));
  }
  const unclaimed = trees.filter(
    (tree) => tree.root !== undefined && !kubernetes.claims(tree) && !formats.some(({ claims }) => claims(tree)),
  );
  return { parts, unclaimed };
}
