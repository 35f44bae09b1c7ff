import { readFileSync } from 'node:fs';

/* The variables of modules, as module-variables.txt lists them. */

/** The major versions that have a variable, by module and name. */
export const variables = new Map<string, Map<string, readonly number[]>>();
let all: readonly number[] = [];
let module = new Map<string, readonly number[]>();
for (const line of readFileSync('test/inputs/module-variables.txt', 'utf8').split('\n')) {
  const words = line.trim().split(' ');
  const [name = '', ...versions] = words;
  if (line.startsWith('  ')) module.set(name, versions.length === 0 ? all : versions.map(Number));
  else if (name !== '' && name !== '#') {
    all = versions.map((version) => Number.parseInt(version, 10));
    variables.set(name, (module = new Map()));
  }
}

/** Modules and submodules that are read by the same rows. */
const families = [
  'terraform-aws-modules/eks',
  'terraform-aws-modules/iam|terraform-aws-modules/eks-pod-identity',
  'aws-ia/',
];
const familyOf = (name: string): string =>
  families.findLast((one) => one.split('|').some((prefix) => name.startsWith(prefix))) ?? name;
export const isKnown = (name: string): boolean => variables.has(name);
export const isVariable = (name: string, key: string): boolean =>
  [...variables].some(([other, names]) => familyOf(other) === familyOf(name) && names.has(key));
