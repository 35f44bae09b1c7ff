import fc from 'fast-check';

/*
 * Manifests in many spellings, for the differential test and the fuzzer: what YAML 1.1 and kubectl's reader allow, and
 * what they do not.
 */

/** A line end, sometimes one of the rare ones. */
const lineEnd = fc.oneof(
  { weight: 12, arbitrary: fc.constant('\n') },
  { weight: 2, arbitrary: fc.constantFrom('\r\n', '\r') },
  { weight: 2, arbitrary: fc.constantFrom('\u0085', '\u2028', '\u2029') },
);

const scalar = fc.constantFrom(
  'a',
  'yes',
  '0777',
  '1.20',
  '~',
  '',
  '"q\\t"',
  "'it''s'",
  '!!str 12',
  '! 12',
  '1_000',
  'a#b',
  'x # c',
  '"x" # c',
  '[1, {a: no}]',
  '{"a":[~]}',
  '&n v',
  '*n',
  '&l [a]',
  '*l',
  '&m {a: b}',
  '*m',
  '"x\n     y"',
  'x\n     y',
  '|\n      x\n       y',
  '>-\n      x\n\n      y',
  '# c',
  '[a, # c\n     b]',
  '{a: b, # c\n     c: d}',
  '-',
  '*n x',
  '!!binary aGk=',
  '"<<"',
);
const mergeKey = fc.constantFrom(
  '<<',
  '<<',
  '!!merge <<',
  '! <<',
  '! "<<"',
  '!!merge "<<"',
  '!<tag:yaml.org,2002:merge> <<',
  '!!str <<',
  '&k <<',
  '!x <<',
);
const mergeValue = fc.constantFrom('{a: m}', '[{a: m}, {a: n, d: e}]', '*m', '[*m, {z: 1}]', '{}', 'x', '');
const entry = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(fc.constantFrom('a', 'b', '"c d"', '1', 'on', 'é'), scalar) },
  { weight: 2, arbitrary: fc.tuple(mergeKey, mergeValue) },
);
const gap = fc.constantFrom('', '', '', '  # c\n', '# c\n', '\n', '   \n');
const body = fc
  .array(fc.tuple(entry, gap), { minLength: 1, maxLength: 4 })
  .map((entries) => entries.map(([[key, value], between]) => `  ${key}: ${value}\n${between}`).join(''));

const pod = (name: string): string => `{apiVersion: v1, kind: Pod, metadata: {name: ${name}}}`;
/** Lists of any kind; items with and without a kind, through aliases, and invalid items. */
const items = fc.constantFrom(
  `items: [${pod('a')}]\n`,
  `items:\n- ${pod('a')}\n- ${pod('b')}\n`,
  `items:\n- &p ${pod('a')}\n- *p\n`,
  `items: &i [${pod('a')}]\n`,
  'items: [{metadata: {name: q}}]\n',
  'items: []\n',
  'items: null\n',
  'items: {a: b}\n',
  'items: x\n',
  'items: [x]\n',
  `items: [{kind: "", apiVersion: "", metadata: {name: q}}]\n`,
  `Items: [${pod('a')}]\n`,
  `items: [${pod('a')}]\nitems: [${pod('b')}]\n`,
  `<<: {items: [${pod('a')}]}\n`,
  `!!merge <<: &l {items: [${pod('a')}]}\n`,
);
const kind = fc.constantFrom('ConfigMap', 'List', 'PodList', 'Foo', 'Deployment', '"Secret"');

/** One document, without a marker. */
export const document = fc
  .tuple(
    kind,
    fc.oneof({ weight: 3, arbitrary: body.map((text) => `data:\n${text}`) }, { weight: 2, arbitrary: items }),
    fc.constantFrom('', '', '# c\n', '\n'),
  )
  .map(([name, rest, lead]) => `${lead}apiVersion: v1\nkind: ${name}\nmetadata: {name: x}\n${rest}`);

const marker = fc.oneof(
  { weight: 8, arbitrary: fc.constant('---') },
  {
    weight: 5,
    arbitrary: fc.constantFrom(
      '--- ',
      '---\t',
      '--- # c',
      '---# Source: x',
      '---\u00a0',
      '---\u3000',
      '---\n---',
      '---\n# c',
      '...\n---',
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom('--- a', '----', ' ---', '...', '--- {}', '---\n...', '%YAML 1.1\n---') },
);
const mark = fc.oneof(
  { weight: 6, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.constantFrom('\ufeff', '\ufeff\ufeff') },
);

/** A text of one to three documents, with a random line end in each place. */
export const manifestText = fc
  .tuple(
    fc.array(fc.tuple(mark, document), { minLength: 1, maxLength: 3 }),
    fc.array(marker, { minLength: 2, maxLength: 2 }),
    fc.boolean(),
    fc.array(lineEnd, { minLength: 12, maxLength: 12 }),
    fc.integer({ min: 0, max: 3 }),
  )
  .map(([documents, markers, leading, ends, rare]) => {
    const text = documents
      .map(
        ([bom, one], i) =>
          `${i > 0 ? `${markers[i - 1]}\n` : leading ? '---\n' : ''}${i === 0 && leading ? '' : bom}${one}`,
      )
      .join('');
    // Three of four texts have lines with common line ends.
    if (rare > 0) return text;
    let at = 0;
    return text.replace(/\n/g, () => ends[at++ % ends.length] ?? '\n');
  });
