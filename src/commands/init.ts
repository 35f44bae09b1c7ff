import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { configNames } from '#config/config.ts';
import { systemReason, UserError } from '#errors.ts';
import { plain } from '#reporters/escape.ts';
import { findGitRoot } from '#sources/files.ts';
import { version } from '../version.ts';
import { print, say } from './output.ts';

/** The flags of `ekslint init`. */
export interface Flags {
  readonly preCommit?: boolean;
  readonly github?: boolean;
  readonly gitlab?: boolean;
  readonly rbac?: boolean;
  readonly iam?: boolean;
}

const config = `# yaml-language-server: $schema=https://unpkg.com/ekslint@${version}/schemas/config.json
# Editors with a YAML language server complete and check this file. It is data only: nothing in it is executed.
version: 1

# recommended, strict or all; ekslint rules --preset strict lists the rules of a preset.
extends: [recommended]

# The Kubernetes version that manifests are judged against if no cluster is described in their folder or a parent folder.
# target: {kubernetes: "1.36"}

# Globs of the files to lint, and of files to skip.
# include: ["deploy/**", "clusters/**", "infra/**/*.tf"]
# exclude: ["**/testdata/**"]

# Severity (off, info, low, medium, high, critical) and options of rules; ekslint explain <rule> describes them.
# rules:
#   images/mutable-tag: high
#   cost/*: off

# Other settings for some files or namespaces.
# overrides:
#   - files: ["clusters/dev/**"]
#     rules: {reliability/*: low}

# Findings that you accept, in objects that you do not own.
# ignores:
#   - rule: pod-security/host-path-volume
#     resource: {kind: DaemonSet, namespace: monitoring, name: node-exporter}
#     reason: reads host metrics by design
#     expires: 2027-03-01

# Custom rules, which require or forbid a path or a CEL expression.
# customRules:
#   - id: acme/owner-label
#     severity: low
#     kinds: [Deployment, StatefulSet]
#     require: metadata.labels["acme.io/owner"]
#     message: Add the acme.io/owner label

# A file with known findings, which are not reported again; ekslint --update-baseline writes it.
# baseline: ekslint-baseline.json

# Clusters that ekslint audits by default. The audit stops if a cluster is in another account.
# audit:
#   clusters: [{name: prod, region: eu-west-1, account: "111122223333"}]

# The lowest severity that makes a run fail: critical, high, medium, low, info or never.
failOn: medium
`;

const preCommit = `repos:
  - repo: https://github.com/ekslint/ekslint
    rev: v${version}
    hooks:
      - id: ekslint
`;

const github = `name: ekslint
on:
  push: {branches: [main]}
  pull_request:
permissions:
  contents: read
jobs:
  ekslint:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v7
        with:
          fetch-depth: 0 # new-since needs the history
          persist-credentials: false
      - uses: ekslint/ekslint@v${version}
        with:
          # On pull requests, only new findings are reported; empty on push.
          new-since: \${{ github.event.pull_request.base.sha }}
`;

const gitlab = `ekslint:
  image: node:22
  variables:
    GIT_DEPTH: "0" # --new-since needs the history
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  script:
    # On merge requests, only new findings are reported.
    - >-
      npx --yes ekslint@${version} --format text --format gitlab=gl-code-quality-report.json
      \${CI_MERGE_REQUEST_DIFF_BASE_SHA:+--new-since "$CI_MERGE_REQUEST_DIFF_BASE_SHA"}
  artifacts:
    when: always
    reports:
      codequality: gl-code-quality-report.json
`;

/**
 * Writes a commented config, and CI files if flags ask for them. An existing file is not changed; its new content is
 * printed instead.
 * @throws UserError if a file cannot be written, or all files exist.
 */
export async function run(cwd: string, flags: Flags): Promise<number> {
  if (flags.rbac || flags.iam) {
    // The permissions for an audit are printed, not written: they belong in a cluster or an account.
    const { clusterRole, iamPolicy, listedKinds } = await import('./access.ts');
    if (flags.rbac) print(clusterRole(listedKinds));
    if (flags.iam) print(iamPolicy((await import('../rule/registry.ts')).rules));
    return 0;
  }
  const root = findGitRoot(cwd) ?? cwd;
  const asked = [
    ...(flags.preCommit ? [{ file: join(root, '.pre-commit-config.yaml'), text: preCommit }] : []),
    ...(flags.github ? [{ file: join(root, '.github', 'workflows', 'ekslint.yml'), text: github }] : []),
    ...(flags.gitlab ? [{ file: join(root, '.gitlab-ci.yml'), text: gitlab }] : []),
  ];
  const found = configNames.find((name) => existsSync(join(cwd, name)));
  let written = 0;
  const files = found === undefined ? [{ file: join(cwd, configNames[0]), text: config }, ...asked] : asked;
  for (const { file, text } of files) {
    const name = plain(relative(cwd, file));
    if (create(file, text, name)) {
      say(`wrote ${name}\n`);
      written++;
    } else {
      say(`kept ${name}, which exists; add this to it:\n`);
      print(text);
    }
  }
  if (found !== undefined && asked.length === 0)
    throw new UserError(`${found} exists, and init does not overwrite files`, {
      hint: 'Add CI files with --pre-commit, --github or --gitlab.',
    });
  return files.length > 0 && written === 0 ? 2 : 0;
}

/** Writes a file that must not exist yet; a link counts as existing too. */
function create(file: string, text: string, name: string): boolean {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { flag: 'wx' });
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new UserError(`cannot write ${name}: ${systemReason(cause)}`, { cause });
  }
}
