import { isRecord } from './shape.ts';

/** Whether a condition of a Job says that it runs no more (Kubernetes documentation, Jobs, Terminal Job conditions). */
export const isEnd = (condition: unknown): boolean =>
  isRecord(condition) &&
  (condition['type'] === 'Complete' || condition['type'] === 'Failed') &&
  condition['status'] === 'True';
