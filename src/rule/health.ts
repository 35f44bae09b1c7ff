import type { Health } from '#model/cluster.ts';
import type { Answer, Value } from '#model/value.ts';

/* What EKS says of the health of what it runs. */

/** The longest part of what EKS writes that a message repeats. */
const longest = 200;

/** What EKS says of an issue, as a clause at the end of a message. */
export function clause(message: Value<string>): string {
  const text = (message.value ?? '').trim().replace(/\s+/g, ' ').replace(/\.$/, '');
  if (text === '') return 'no reason is given';
  return text.length > longest ? `${text.slice(0, longest)}...` : text;
}

/** Whether the status is one of these and no issue says why. Issues that may be there and are not known leave it open. */
export const hasStatus = ({ status, issues }: Health, bad: readonly string[]): Answer =>
  status
    .where((one) => bad.includes(one))
    .and(issues.empty)
    .or(issues.has(() => false));
