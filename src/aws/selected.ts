import type { AwsResource, Description } from '#spelling/resource.ts';
import type { Property } from '#spelling/property.ts';
import { push } from '#model/selector.ts';
import { readTags } from './part.ts';

/*
 * The resources that node classes of Karpenter and EKS Auto Mode use: a class selects them by id, name or tags
 * (Karpenter, NodeClasses).
 */

const kinds = [
  { type: 'AWS::EC2::SecurityGroup', ids: ['LaunchTemplateData', 'SecurityGroupIds'], terms: 'SecurityGroupSelectors' },
  { type: 'AWS::EC2::Subnet', ids: ['SubnetIds'], terms: 'SubnetSelectors' },
] as const;

/** At most this many classes that select in the same way are listed. */
const most = 20;

interface Found {
  readonly resource: AwsResource;
  readonly home: Description;
}

/** Each resource that a node class selects, wherever it is defined, with the classes. */
export function selectedBy(
  descriptions: readonly Description[],
): readonly (Found & { readonly classes: readonly AwsResource[] })[] {
  const classes = descriptions.flatMap((one) => one.of('EKS::NodeClass'));
  if (classes.length === 0) return [];
  return kinds.flatMap(({ type, ids, terms }) => {
    const asked = new Map<string, { readonly marks: readonly string[]; readonly classes: AwsResource[] }>();
    const note = (marks: readonly string[], one: AwsResource): void => {
      const key = JSON.stringify(marks);
      const same = asked.get(key) ?? { marks, classes: [] };
      asked.set(key, same);
      if (same.classes.length < most) same.classes.push(one);
    };
    for (const one of classes) {
      for (const { value } of one.body.path(...ids).texts()) if (value !== undefined) note([`id ${value}`], one);
      for (const term of one.body.path(terms).items()) {
        const marks = marksOf(term);
        if (marks && marks.length > 0) note(marks, one);
      }
    }
    const byMark = new Map<string, Found[]>();
    for (const home of descriptions)
      for (const resource of home.of(type))
        for (const mark of marksOn(resource)) push(byMark, mark, { resource, home });
    return [...asked.values()].flatMap(({ marks, classes: selecting }) => {
      const [fewest = [], ...others] = marks.map((mark) => byMark.get(mark) ?? []).sort((a, b) => a.length - b.length);
      const rest = others.map((all) => new Set(all.map(({ resource }) => resource)));
      return fewest
        .filter(({ resource }) => rest.every((all) => all.has(resource)))
        .map((found) => ({ ...found, classes: selecting }));
    });
  });
}

/**
 * The conditions of a selector term; undefined if they are not fully known, or contain a pattern that only EC2 can
 * resolve.
 */
function marksOf(term: Property): readonly string[] | undefined {
  const tags = readTags(term.path('Tags'));
  const name = term.path('Name').text();
  if (!tags.complete || name.state === 'unknown') return undefined;
  const marks: string[] = name.value === undefined ? [] : [`name ${name.value}`];
  for (const { key, value } of tags) {
    if (value.value === undefined) return undefined;
    marks.push(value.value === '*' ? `tag ${key.value}` : `tag ${key.value}=${value.value}`);
  }
  return marks.some((mark) => /[*?]/.test(mark)) ? undefined : marks;
}

function marksOn({ id, body }: AwsResource): string[] {
  const name = body.path('GroupName').text().value;
  return [
    `id ${id}`,
    ...(name === undefined ? [] : [`name ${name}`]),
    ...readTags(body.path('Tags')).items.flatMap(({ key, value }) => [
      `tag ${key.value}`,
      ...(value.value === undefined ? [] : [`tag ${key.value}=${value.value}`]),
    ]),
  ];
}
