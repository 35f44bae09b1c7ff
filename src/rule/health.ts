import type { Health } from '#model/cluster.ts';
import type { Answer, Value } from '#model/value.ts';

/* What EKS reports about the health of what it runs. */

/** Maximum length of a message from EKS that we repeat. */
const longest = 200;

/** An issue from EKS, as a clause at the end of a message. */
function clause(message: Value<string>): string {
  const text = (message.value ?? '').trim().replace(/\s+/g, ' ').replace(/\.$/, '');
  if (text === '') return 'no reason is given';
  return text.length > longest ? `${text.slice(0, longest)}...` : text;
}

/** Whether the status is one of these and no issue says why. Unknown issues leave it undetermined. */
const hasStatus = ({ status, issues }: Health, bad: readonly string[]): Answer =>
  status
    .where((one) => bad.includes(one))
    .and(issues.empty)
    .or(issues.has(() => false));

/**
 * The problems that EKS reports for something that it runs: issues, and a status that is one of some. `unnamed`: the
 * name of an issue without a code.
 */
export function* faultsOf(health: Health, bad: readonly string[], unnamed = 'Unknown') {
  for (const { code, message } of health.issues)
    yield {
      message: 'issue' as const,
      data: { code: code.value ?? unnamed, reason: clause(message), status: '' },
      at: code.at,
    };
  yield {
    message: 'status' as const,
    when: hasStatus(health, bad),
    data: { code: '', reason: '', status: health.status.value ?? '' },
    at: health.status.at,
  };
}
