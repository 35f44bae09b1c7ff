import type fc from 'fast-check';
import {
  bodyOf,
  cloudformation,
  type Data,
  type Described,
  described,
  found,
  Reference,
  resourcesOf,
  terraform,
} from './clusters.ts';
import { check, compare, type Result, run } from './invariants.ts';
import type { Files } from './seeds.ts';

/*
 * What tools write in addition to the description of a cluster, or in its place: values files, module calls, plans,
 * parameters of a template, eksctl files. The findings must be those of the plain description, and unused values change
 * nothing.
 */

type Names = ReadonlyMap<string, unknown>;
const texts = (names: Names): [string, string][] =>
  [...names].map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : String(value)]);

/** Values of variables that a values file sets. */
async function checkValues(one: Described): Promise<void> {
  const { names } = bodyOf(one, 'terraform', 'hidden', 'v');
  if (names.size === 0) return;
  const hidden = terraform(one, 'hidden');
  const plain = found(await run(terraform(one, 'plain')));
  const hcl = [...names].map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`).join('');
  const json = JSON.stringify(Object.fromEntries(names));
  const ways: Readonly<Record<string, Files>> = {
    'terraform.tfvars': { ...hidden, 'terraform.tfvars': hcl },
    'a named file': { ...hidden, 'prod.tfvars': hcl },
    'a file in JSON': { ...hidden, 'x.auto.tfvars.json': json },
    'a file with one value more': { ...hidden, 'prod.tfvars': `${hcl}nobody = "x"\n` },
    'a file beside the folder': {
      ...Object.fromEntries(Object.entries(hidden).map(([name, text]) => [`tf/${name}`, text])),
      'envs/prod.tfvars': hcl,
    },
  };
  for (const [name, files] of Object.entries(ways))
    compare(`values: ${name} changes no finding`, plain, found(await run(files)));
}

/**
 * The plan that Terraform creates from the plain description: blocks are lists, and references are known after apply.
 */
function planOf(one: Described, { turned = false, after = true } = {}): string {
  const told = (map: Data): { values: Data; unknown: Data; expressions: Data } => {
    const [values, unknown, expressions]: [Data, Data, Data] = [{}, {}, {}];
    for (const [key, value] of Object.entries(map)) {
      if (value instanceof Reference) {
        unknown[key] = true;
        expressions[key] = { references: [`${value.id}.${value.attribute}`, value.id] };
      } else if (Array.isArray(value) && value.some((item) => item instanceof Reference)) {
        unknown[key] = true;
        expressions[key] = {
          references: value.flatMap((item) =>
            item instanceof Reference ? [`${item.id}.${item.attribute}`, item.id] : [],
          ),
        };
      } else if (
        typeof value === 'object' &&
        value !== null &&
        key !== 'tags' &&
        (!Array.isArray(value) || typeof value[0] === 'object')
      ) {
        const items = (Array.isArray(value) ? value : [value]).map((item) => told(item as Data));
        values[key] = items.map((item) => item.values);
        unknown[key] = items.map((item) => item.unknown);
        expressions[key] = items.map((item) => item.expressions);
      } else {
        values[key] = value;
        expressions[key] = {};
      }
    }
    return { values, unknown, expressions };
  };
  const all = resourcesOf(one, bodyOf(one, 'terraform', 'plain', 'v')).map(([type, name, data]) => ({
    address: `${type}.${name}`,
    mode: 'managed',
    type,
    name,
    ...told(data),
  }));
  const ordered = turned ? all.toReversed() : all;
  return JSON.stringify(
    {
      format_version: '1.2',
      planned_values: {
        root_module: {
          resources: ordered.map(({ address, mode, type, name, values }) => ({ address, mode, type, name, values })),
        },
      },
      resource_changes: all.map(({ address, mode, type, values, unknown }) => ({
        address,
        mode,
        type,
        change: { actions: ['create'], after_unknown: unknown, ...(after ? { after: values } : {}) },
      })),
      configuration: {
        root_module: { resources: all.map(({ address, expressions }) => ({ address, expressions })) },
      },
    },
    null,
    1,
  );
}

async function checkPlan(one: Described): Promise<Result> {
  const first = await run({ 'plan.json': planOf(one) });
  compare(
    'plan: the order of resources changes nothing',
    found(first),
    found(await run({ 'plan.json': planOf(one, { turned: true }) })),
  );
  compare(
    'plan: what it says twice changes nothing',
    found(first),
    found(await run({ 'plan.json': planOf(one, { after: false }) })),
  );
  const plain = new Set(found(await run(terraform(one, 'plain'))));
  // A plan knows more, such as what the provider chooses, but nothing else.
  const told = found(first);
  const unclear = new Set(first.undetermined.map(({ rule }) => rule));
  compare(
    'plan: what the files say fails in the plan as well',
    [...plain].filter((what) => !told.includes(what) && !unclear.has(what.split(' ')[0] ?? '')),
    [],
  );
  return first;
}

/** Values of parameters that a parameter file sets. */
async function checkParameters(one: Described): Promise<void> {
  const { names } = bodyOf(one, 'cloudformation', 'hidden', 'V');
  if (names.size === 0) return;
  const template = { 'template.json': cloudformation(one, { way: 'hidden' }) };
  const plain = found(await run({ 'template.json': cloudformation(one, {}) }));
  const list = texts(names).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));
  const map = Object.fromEntries(texts(names));
  const ways: Readonly<Record<string, unknown>> = {
    'a list': list,
    'a list within arguments': { StackName: 's', Parameters: list },
    'a map': { Parameters: map },
    'a map with tags': { Parameters: map, Tags: { a: 'b' } },
    'one parameter more': { Parameters: { ...map, Nobody: 'x' } },
  };
  for (const [name, file] of Object.entries(ways))
    compare(
      `parameters: ${name} changes no finding`,
      plain,
      found(await run({ ...template, 'params/prod.json': JSON.stringify(file) })),
    );
}

const put = (into: Data, path: string, value: unknown): void => {
  const [key = '', ...rest] = path.split('.');
  if (rest.length === 0) into[key] = value;
  else put((into[key] ??= {}) as Data, rest.join('.'), value);
};

/** The eksctl file for the same cluster and group. */
function eksctlOf(one: Described, turned: boolean): Data {
  const root: Data = { metadata: { name: 'shop', region: 'eu-west-1' } };
  for (const { fact } of one.cluster)
    if (fact.eksctl !== 'none' && !/\.\d/.test(fact.eksctl.at)) put(root, fact.eksctl.at, fact.eksctl.value);
  const group: Data = { name: 'web' };
  for (const { fact } of one.group)
    if (fact.eksctl !== 'none' && !/(?:^|\.)\d/.test(fact.eksctl.at)) put(group, fact.eksctl.at, fact.eksctl.value);
  const whole = { apiVersion: 'eksctl.io/v1alpha5', kind: 'ClusterConfig', ...root, managedNodeGroups: [group] };
  const turn = (value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value)
            .toReversed()
            .map(([key, item]) => [key, turn(item)]),
        )
      : value;
  return (turned ? turn(whole) : whole) as Data;
}

async function checkEksctl(one: Described): Promise<Result> {
  const files = { 'cluster.yaml': JSON.stringify(eksctlOf(one, false), null, 2) };
  await check(files);
  const plain = await run(files);
  const turned = await run({ 'cluster.yaml': JSON.stringify(eksctlOf(one, true), null, 2) });
  compare('eksctl: the order of keys changes nothing', found(plain), found(turned));
  return plain;
}

/** Calls of the module that creates clusters, for two of its versions. */
async function checkModule(one: Described): Promise<void> {
  for (const [column, version] of [
    ['module20', '20.31.0'],
    ['module21', '21.1.0'],
  ] as const) {
    const given: Data = {};
    const group: Data = {};
    for (const [facts, into] of [
      [one.cluster, given],
      [one.group, group],
    ] as const)
      for (const { fact } of facts) {
        const { [column]: spelled } = fact;
        if (spelled !== 'none' && typeof spelled.value !== 'symbol') put(into, spelled.at, spelled.value);
      }
    given['eks_managed_node_groups'] = { web: group };
    const line = ([key, value]: [string, unknown]): string => `  ${key} = ${JSON.stringify(value)}\n`;
    const call = (lines: readonly string[]): string =>
      `module "eks" {\n  source = "terraform-aws-modules/eks/aws"\n  version = "${version}"\n${lines.join('')}}\n`;
    const lines = Object.entries(given).map(line);
    const plain = await run({ 'main.tf': call(lines) });
    compare(
      `${column}: the order of arguments changes nothing`,
      found(plain),
      found(await run({ 'main.tf': call(lines.toReversed()) })),
    );
    const wrapped = {
      'main.tf': `module "w" {\n  source = "./w"\n}\n`,
      'w/main.tf': call(lines),
    };
    compare(`${column}: a folder around it changes nothing`, found(plain), found(await run(wrapped)));
    const behind = {
      'main.tf': call(Object.keys(given).map((key) => `  ${key} = local.all["${key}"]\n`)),
      'locals.tf': `locals {\n  all = {\n${lines.join('')}  }\n}\n`,
    };
    compare(`${column}: a local changes nothing`, found(plain), found(await run(behind)));
    await check({ 'main.tf': call(lines) });
  }
}

const holds = (checks: (one: Described) => Promise<Result | void>) => ({
  arbitrary: described as fc.Arbitrary<Described>,
  async check(one: Described): Promise<{ readonly documents: number; readonly findings: number }> {
    const result = await checks(one);
    return { documents: 1, findings: result ? result.findings.length : 0 };
  },
});

export const formats = {
  values: holds(checkValues),
  plans: holds(checkPlan),
  parameters: holds(checkParameters),
  eksctl: holds(checkEksctl),
  modules: holds(checkModule),
};
