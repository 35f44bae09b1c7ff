import { defineRule } from '#rule';
import { isRecord, list, record, text } from '#rule/shape';
import { writtenText } from '#rule/written';

/** Modes that people write without the leading zero although they mean octal. */
const commonModes = new Set([400, 440, 444, 550, 555, 600, 640, 644, 660, 664, 700, 750, 755, 770, 775, 777]);
const largest = 0o777;

export default defineRule({
  title: 'File mode should be octal',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['defaultMode', 'mode'],
  scope: 'resource',
  fix: 'safe: write the decimal value of the octal mode',
  messages: {
    decimal: '{field} of volume "{volume}" in {title} is decimal, not octal, so the files get the wrong permissions',
    range: '{field} of volume "{volume}" in {title} is above 0777, so the API server rejects it',
  },
  help: {
    decimal: 'Write {field} with a leading 0, e.g. 0644; in JSON as a decimal number, e.g. 420',
    range: 'Set {field} to an octal number up to 0777, e.g. 0644',
  },
  equivalents: [],
  sources: ['Kubernetes documentation, Volumes'],
  check(workload, { report }) {
    for (const volume of list(workload.pod.volumes)) {
      const { secret, configMap, downwardAPI } = volume;
      const projected = record(volume.projected);
      for (const source of [configMap, secret, downwardAPI, projected])
        if (isRecord(source)) judgeSource(source, volume.name);
      for (const source of list(projected?.sources))
        for (const one of [source.configMap, source.secret, source.downwardAPI])
          if (isRecord(one)) judgeItems(one, volume.name);
    }

    function judgeSource(source: object, volume: unknown): void {
      judge(source, 'defaultMode', volume);
      judgeItems(source, volume);
    }
    function judgeItems(source: object, volume: unknown): void {
      const items = 'items' in source && Array.isArray(source.items) ? source.items : [];
      for (const item of list(items as object[])) judge(item, 'mode', volume);
    }
    function judge(on: object, key: string, volume: unknown): void {
      const value: unknown = (on as Record<string, unknown>)[key];
      if (typeof value !== 'number') return;
      const written = writtenText(workload, on, key);
      // The syntax of Terraform and similar formats has no octal numbers.
      const isOctal = written === undefined || /^[-+]?0[o_0-7]/i.test(written);
      const data = { field: key, volume: text(volume) ?? '', title: workload.title };
      const isMeant = !isOctal && commonModes.has(value);
      const isJson = written !== undefined && workload.tree.source.id.endsWith('.json');
      if (isMeant)
        report({
          message: 'decimal',
          data,
          on,
          key,
          ...(isJson
            ? {}
            : { fix: { safe: true, edits: [{ op: 'set', on, key, value: Number.parseInt(String(value), 8) }] } }),
        });
      else if (value > largest || value < 0) report({ message: 'range', data, on, key, severity: 'high' });
    }
  },
});
