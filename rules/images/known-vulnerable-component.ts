import { defineRule } from '#rule';
import { baseName, compareVersions, imageName, parseImage, versionOf } from '#rule/image';

interface Weakness {
  /**
   * Suffixes of repositories that start at a path segment. Patterns would take longer to compile than the rest of the
   * rule.
   */
  readonly images: readonly string[];
  /** From the first version up to, but not including, the second. */
  readonly from: readonly number[];
  readonly below: readonly number[];
  readonly cve: string;
  readonly fixed: string;
}

/** From the advisories of the vendors, each under its CVE. */
const weaknesses: readonly Weakness[] = [
  {
    images: ['grafana', 'grafana-oss', 'grafana-enterprise'],
    from: [9, 2, 0],
    below: [9, 2, 4],
    cve: 'CVE-2022-39328',
    fixed: '9.2.4',
  },
  { images: ['kyverno'], from: [1, 8, 3], below: [1, 8, 5], cve: 'CVE-2022-47633', fixed: '1.8.5' },
  { images: ['argocd'], from: [0, 0, 0], below: [2, 1, 9], cve: 'CVE-2022-24348', fixed: '2.1.9' },
  { images: ['argocd'], from: [2, 2, 0], below: [2, 2, 4], cve: 'CVE-2022-24348', fixed: '2.2.4' },
  {
    images: [
      'ingress-nginx/controller',
      'ingress-nginx/controller-chroot',
      'kubernetes-ingress-controller/nginx-ingress-controller',
    ],
    from: [0, 0, 0],
    below: [1, 11, 5],
    cve: 'CVE-2025-1974',
    fixed: '1.11.5',
  },
  {
    images: ['ingress-nginx/controller', 'ingress-nginx/controller-chroot'],
    from: [1, 12, 0, -1],
    below: [1, 12, 1],
    cve: 'CVE-2025-1974',
    fixed: '1.12.1',
  },
];

/** `repository lowest-highest CVE`, from the option `extra`. */
function ownRow(row: string, { registry, repository, tag }: ReturnType<typeof parseImage>, version: readonly number[]) {
  const [, image = '', from, to, cve = ''] = /^(\S+) v?([\d.]+)-v?([\d.]+) (\S+)$/.exec(row) ?? [];
  const reference = { registry, repository, tag, digest: undefined };
  if (image !== baseName(reference) && image !== repository && image !== imageName(reference)) return undefined;
  const [lowest, highest] = [versionOf(from), versionOf(to)];
  return lowest && highest && compareVersions(version, lowest) >= 0 && compareVersions(version, highest) <= 0
    ? { cve, fixed: `a release after ${to}` }
    : undefined;
}

export default defineRule({
  title: 'Image must not have a known critical vulnerability',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Workload'],
  scope: 'resource',
  options: {
    extra: {
      type: 'array',
      items: { type: 'string', pattern: '^\\S+ v?\\d+\\.\\d+\\.\\d+-v?\\d+\\.\\d+\\.\\d+ \\S+$' },
      default: [],
      description: 'More images, as `repository lowest-highest id`; both versions are included.',
    },
  },
  messages: {
    vulnerable:
      'Container "{container}" of {workload} uses "{image}", which has the vulnerability {cve}, fixed in {fixed}',
  },
  help: 'Use {fixed} or a later version, and check the advisory for {cve} for signs of a compromise',
  equivalents: ['kubescape:C-0081', 'kubescape:C-0090', 'kubescape:C-0091'],
  sources: ['Vendor security advisories'],
  check(workload, { options, report }) {
    for (const { object, name, image } of workload.containers) {
      if (image === undefined) continue;
      const reference = parseImage(image.trim());
      const version = versionOf(reference.tag);
      if (!version) continue;
      const path = reference.repository;
      const [row] = [
        ...weaknesses.filter(
          (one) =>
            one.images.some((image) => path === image || path.endsWith(`/${image}`)) &&
            compareVersions(version, one.from) >= 0 &&
            compareVersions(version, one.below) < 0,
        ),
        ...options.extra.flatMap((one) => ownRow(one, reference, version) ?? []),
      ];
      if (row)
        report({
          message: 'vulnerable',
          data: {
            container: name,
            workload: workload.title,
            image: image.slice(0, 200),
            cve: row.cve,
            fixed: row.fixed,
          },
          on: object,
          key: 'image',
        });
    }
  },
});
