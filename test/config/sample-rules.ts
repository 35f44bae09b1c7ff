import type { AnyRule } from '#rule';

const rule = (id: string, more: Partial<AnyRule> = {}): AnyRule => ({
  id,
  title: `Title of ${id}`,
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  scope: 'resource',
  messages: {},
  equivalents: [],
  sources: [],
  check() {},
  ...more,
});

/** A small set with every preset and every type of option. */
export const sampleRules: readonly AnyRule[] = [
  rule('cost/idle-volume', { preset: 'strict', severity: 'low' }),
  rule('cost/old-generation', { preset: 'opt-in', severity: 'info' }),
  rule('images/mutable-tag', {
    options: {
      floating: { description: 'Tags that move.', type: 'array', items: { type: 'string' }, default: ['latest'] },
    },
  }),
  rule('pod-security/host-path', { severity: 'high' }),
  rule('pod-security/privileged', { severity: 'critical' }),
  rule('reliability/min-replicas', {
    options: {
      min: { description: 'Fewest replicas.', type: 'integer', minimum: 1, default: 2 },
      mode: { description: 'How to count.', type: 'string', enum: ['sum', 'each'], default: 'each' },
      names: { description: 'Names that count.', type: 'string', patterns: true, default: 'web' },
      except: {
        description: 'Names that do not.',
        type: 'array',
        items: { type: 'string' },
        patterns: true,
        default: [],
      },
      jobs: { description: 'Jobs too.', type: 'boolean', default: false },
    },
  }),
];
