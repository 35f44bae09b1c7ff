/** A form of words to avoid, and what to write instead. */
type Avoided = readonly [RegExp, string];

/** English to avoid everywhere. */
const avoided: readonly Avoided[] = [
  [/\bbesides\b/i, 'also'],
  [/\bthereby\b/i, 'so'],
  [/\b(?<!\bthere )(?:is|are) no\b(?! longer| more)/i, '"is not a", "is invalid"'],
  [/\bmend(?:s|ed|ing)?\b/i, 'fix'],
  [/\b(?:hold|held|holds|holding) (?:\w+ )?back\b/i, 'ignore'],
  [/\bbreak-?(?:ins?|outs?)\b|\bintruders?\b/i, 'compromise, container escape, attacker'],
  [/\b(?:the|its) own\b(?= \w+ template)/i, '"its"'],
  [/\bto be had\b/i, 'available'],
  [/\b(?:took|take|takes) away\b/i, 'removed'],
  [/\bfor certain\b/i, 'certainly'],
  [/\bnobody has\b|\bwhoever\b/i, 'anyone who'],
  [/\bcolour|\bhonour|\bbehaviour|\blicence\b|\borganisation|\bcatalogue\b|isation\b/i, 'American spelling'],
  [/\bwhoever\b(?! (?:is|owns)\b)|\bnobody\b|\b(?:every|some)body\b/i, '"anyone who", "no one", "everyone", "someone"'],
  [/\bmostly\b/i, '"usually"'],
  [/\bbeside\b/i, '"next to", "in addition to"'],
  [/\brefuse[sd]?\b(?! to\b)/i, '"reject"'],
  [/\bbegin(?:s|ning)? with\b/i, '"start with"'],
  [/\bin force\b|\bfor good\b|\bof no use\b|\b(?:every|this|that) sort\b/i, 'plain words'],
  [/\brights\b/i, '"permissions"'],
  [/\b(?:rule|it) off where\b/i, '"if"'],
  [/\bfrom (?:Kubernetes )?1\.\d+ on\b/i, '"since"'],
  [/\bone of both\b|\bnone of both\b/i, '"one of the two"'],
  [
    /\b(?:does|do) not tell\b|(?<!cannot )\btells? (?:of|apart|which|how|what|who|when)\b/i,
    '"show", "include", "describe"',
  ],
  [/\btemplate that is not rendered\b/i, '"unrendered template"'],
  [/\bnot described in (?:these|this) file/i, '"defined"'],
  [/\bwithout a word\b|\bsteals?\b|\bowns (?:the|all)\b|\bwhenever it likes\b/i, 'plain words'],
];

/** English that only texts for users avoid. Comments need these words: a text is data there, and "whether" describes a boolean. */
const avoidedForUsers: readonly Avoided[] = [
  [/\bwhether\b.*\bor\b/i, '"if", or "whether" alone'],
  [/\bwherever\b/i, 'where'],
  [
    /\b(?:the|this|that|each|every|an?|which|last|first|next) ones?\b(?! of| (?:that|which|with|in|from))/i,
    'the noun itself',
  ],
  [/\bof (?:its|their|your|our|one's) own\b(?! (?:role|tool|operators))/i, '"its own X", "a separate X", "a custom X"'],
  [/\bby (?:itself|themselves)\b/i, '"automatically"'],
  [/\b(?:a|an|one) text\b|\btexts\b|\bno text\b/i, '"string", "value"'],
];

/** English that only comments avoid. */
const avoidedInComments: readonly Avoided[] = [
  [/\b(?:undefined|none|empty|@throws \w+) where\b/i, '"if"'],
  [/, else (?:its|the|that|those|it)\b/i, '"otherwise"'],
  [/\btold\b|\btells?\b/i, '"report", "say", "show"'],
  [/(?<!\bthere )\b(?:is|are) none\b/i, '"is not a", "is invalid"'],
  [/\blook-ups?\b/i, '"lookup"'],
  [/\bwhat (?:\w+ ){1,4}makes? of\b/i, '"result", "output"'],
  [/\bstands? (?:beside|behind|there|in front)\b|\blies? (?:beside|behind|around)\b/i, '"is next to", "follows"'],
];

/** An instance of avoided English: where it is, and why it is avoided. */
export interface Fault {
  readonly of: string;
  readonly text: string;
  readonly why: string;
}

const faultsAgainst = (forms: readonly Avoided[], of: string, text: string): Fault[] =>
  forms
    .filter(([form]) => form.test(text))
    .map(([form, better]) => ({ of, text, why: `${form.source}: write ${better}` }));

/** The faults of a text that users see. */
export const english = (of: string, text: string): Fault[] => faultsAgainst([...avoided, ...avoidedForUsers], of, text);

/** The faults of a comment. */
export const commentEnglish = (of: string, text: string): Fault[] =>
  faultsAgainst([...avoided, ...avoidedInComments], of, text);

/** Faults as a failing test prints them. */
export const shown = (faults: readonly Fault[]): string[] =>
  faults.map(({ of, why, text }) => `${of}: ${why}\n    ${text}`);
