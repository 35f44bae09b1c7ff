import { expect, test } from 'vitest';
import { run as audit } from '#commands/audit.ts';
import { run as lint } from '#commands/lint.ts';

/* Input that is rejected before anything is read: each of these would otherwise fail in another way, or take long. */

test('an audit of nothing', async () => {
  await expect(audit([], { aws: false, kube: false })).rejects.toThrow('--no-aws and --no-kube leave nothing to audit');
});

test.each(['asff', 'openreports'])('%s of files', async (format) => {
  await expect(lint(['does-not-exist.yaml'], { format: [format] })).rejects.toThrow(
    `--format ${format} is for running clusters`,
  );
  // Of a saved cluster it may be asked; that there is none is another error.
  await expect(lint(['does-not-exist.json.gz'], { format: [format] })).rejects.not.toThrow('is for running clusters');
});

test('OpenReports of several clusters', async () => {
  const refused = '--format openreports writes objects of one cluster';
  await expect(audit(['a', 'b'], { format: ['openreports'] })).rejects.toThrow(refused);
  await expect(audit([], { allClusters: true, format: ['openreports'] })).rejects.toThrow(refused);
  await expect(lint(['a.json.gz', 'b.json.gz'], { format: ['openreports'] })).rejects.toThrow(refused);
});
