import { type Finding, qualifiedName, rank, type Report, severities } from '#model/finding.ts';
import type { Location } from '#syntax/tree.ts';
import { cut, plain, runnerSafe } from './escape.ts';
import {
  doFirst,
  groupUndetermined,
  keepWorst,
  type Reporter,
  type ReporterOptions,
  selectFindings,
} from './reporter.ts';
import { count, judged, tally } from './text.ts';

const most = { message: 2000, first: 10, options: 200 };
const docs = 'https://github.com/ekslint/ekslint/blob/main/rules';

/** Text of strangers, as text: none of it is markup, and what would turn or hide it shows as an escape. */
const says = (text: string): string =>
  plain(cut(text, most.message)).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const style = `
:root{color-scheme:light dark;--line:#8884;--soft:#8881;--critical:#a1000f;--high:#c2410c;--medium:#8a6100;--low:#1d5fa8;--info:#5f6368}
@media(prefers-color-scheme:dark){:root{--critical:#ff8a8f;--high:#ffab70;--medium:#e6c35c;--low:#84b9f5;--info:#a3a8ae}}
*{box-sizing:border-box}body{font:15px/1.5 system-ui,sans-serif;max-width:75rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}
h1{font-size:1.4rem;margin:0 0 .5rem}h2{font-size:1.1rem;margin:2rem 0 .5rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;margin:0}dt{opacity:.7}dd{margin:0}
.counts{display:flex;flex-wrap:wrap;gap:.5rem;padding:0;list-style:none}.counts li{border:1px solid var(--line);border-radius:.4rem;padding:.3rem .7rem}
.counts b{font-size:1.2rem}.hole{border-left:4px solid var(--critical);padding:.3rem .8rem;background:var(--soft)}
form{display:flex;flex-wrap:wrap;gap:.5rem;margin:.5rem 0}select,input{font:inherit;max-width:100%;padding:.2rem}
article{border-top:1px solid var(--line);padding:.6rem 0;break-inside:avoid}article p{margin:.15rem 0}
.severity{font-weight:700;text-transform:uppercase;font-size:.8rem}.critical{color:var(--critical)}.high{color:var(--high)}
.medium{color:var(--medium)}.low{color:var(--low)}.info{color:var(--info)}
code{font-size:.9em}.advice{opacity:.85}.where{font-size:.9rem;opacity:.8}
@media print{form{display:none}body{max-width:none;padding:0}a{color:inherit;text-decoration:none}}
`;

/** Our own and the only script: it shows and hides articles by their data attributes, and makes nothing of their text. */
const script = `
const form=document.querySelector('form'),shown=document.querySelector('#shown'),all=[...document.querySelectorAll('article')];
const show=()=>{let n=0;const text=form.text.value.toLowerCase();for(const one of all){
const fits=['severity','rule','namespace','cluster'].every(key=>!form[key]||!form[key].value||one.dataset[key]===form[key].value);
one.hidden=!fits||!one.textContent.toLowerCase().includes(text);n+=one.hidden?0:1}
shown.textContent=n+' of '+all.length};
form.hidden=false;form.addEventListener('input',show);form.addEventListener('submit',event=>event.preventDefault());show();
`;

const digest = (text: string): string =>
  process.getBuiltinModule('node:crypto').createHash('sha256').update(text).digest('base64');

const place = (at: Location): string => says(at.start ? `${at.source}:${at.start.line}` : at.source);
const ruleName = (rule: string): string =>
  rule.startsWith('ekslint/') || !/^[a-z-]+\/[a-z0-9-]+$/.test(rule)
    ? `<code>${says(rule)}</code>`
    : `<a href="${docs}/${rule}.md"><code>${rule}</code></a>`;

function article({ rule, severity, message, help, at, subject, hidden }: Finding, cluster: string): string {
  const lines = [
    `<p><span class="severity ${severity}">${severity}</span> ${says(message)}</p>`,
    ...(help === undefined ? [] : [`<p class="advice">Fix: ${says(help)}</p>`]),
    ...(hidden ? [`<p class="advice">Ignored: ${says(hidden.reason)}</p>`] : []),
    `<p class="where">${place(at)}${at.path === '' ? '' : ` <code>${says(at.path)}</code>`} · ${says(qualifiedName(subject))} · ${ruleName(rule)}</p>`,
  ];
  const data = { severity, rule, namespace: subject.namespace, cluster };
  const attributes = Object.entries(data).map(([key, value]) => ` data-${key}="${says(value)}"`);
  return `<article${attributes.join('')}>${lines.join('')}</article>`;
}

function chooser(name: string, values: readonly string[]): string {
  const known = [...new Set(values)].filter((value) => value !== '');
  if (known.length < 2) return '';
  const options = known.slice(0, most.options).map((value) => `<option>${says(value)}</option>`);
  return `<select name="${name}" aria-label="${name}"><option value="">any ${name}</option>${options.join('')}</select>`;
}

const list = (title: string, items: readonly string[]): string =>
  items.length === 0 ? '' : `<h2>${title}</h2><ul>${items.map((item) => `<li>${item}</li>`).join('')}</ul>`;

function first(findings: readonly Finding[]): string {
  const items = doFirst(findings, most.first).map(
    ({ worst: { severity, rule, help, message }, n }) =>
      `<li><span class="severity ${severity}">${severity}</span> ${ruleName(rule)} (${count(n, 'finding')}): ${says(help ?? message)}</li>`,
  );
  return items.length === 0 ? '' : `<h2>Do first</h2><ol>${items.join('')}</ol>`;
}

function head(report: Report, findings: readonly Finding[]): string {
  const clusters = (report.audited ?? []).map(
    ({ name, arn, endpoint, version, uid, from, to }) =>
      `<dl><dt>Cluster</dt><dd>${says(arn || name)}</dd><dt>Server</dt><dd>${says(endpoint)} (${says(version)})</dd><dt>Uid</dt><dd>${says(uid || 'not known')}</dd><dt>Read</dt><dd>${says(from)} to ${says(to)}</dd></dl>`,
  );
  const open = findings.filter(({ hidden }) => !hidden);
  const counts = [...tally(open)].map(([severity, n]) => `<li><b class="${severity}">${n}</b> ${severity}</li>`);
  const hole = report.complete
    ? ''
    : '<p class="hole"><b>The result is incomplete:</b> not everything that was asked for could be judged.</p>';
  return `<h1>ekslint ${report.command}</h1>${clusters.join('')}<ul class="counts">${counts.join('')}</ul>${hole}<p>${says(judged(report))}.</p>`;
}

function format(report: Report, options: ReporterOptions): string {
  const findings = selectFindings(report, options);
  const shown = keepWorst(findings, options.maxFindings ?? Infinity)
    .map((finding, index) => ({ finding, index }))
    .sort((a, b) => rank(a.finding.severity) - rank(b.finding.severity) || a.index - b.index)
    .map(({ finding }) => finding);
  const cluster = report.audited?.length === 1 ? (report.audited[0]?.name ?? '') : '';
  const rest = findings.length - shown.length;
  const choosers = [
    chooser(
      'severity',
      severities.filter((one) => shown.some(({ severity }) => severity === one)),
    ),
    chooser('rule', shown.map(({ rule }) => rule).sort()),
    chooser('namespace', shown.map(({ subject }) => subject.namespace).sort()),
  ];
  const holes = [
    ...report.crashes.map(
      ({ rule, at, error }) => `Rule ${ruleName(rule)} crashed at ${place(at)}: ${says(error.message)}`,
    ),
    ...report.notes
      .filter(({ kind }) => kind === 'incomplete' || kind === 'problem')
      .map(({ at, message }) => `${at ? `${place(at)}: ` : ''}${says(message)}`),
  ];
  const remarks = report.notes
    .filter(({ kind }) => kind !== 'incomplete' && kind !== 'problem')
    .map(({ message, count: n }) => `${says(message)}${n === undefined ? '' : ` (${n})`}`);
  const open = groupUndetermined(report).map(
    ({ why, count: n, rules }) => `${n} × ${says(why)}: ${rules.map(ruleName).join(', ')}`,
  );
  const page = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${digest(style)}'; script-src 'sha256-${digest(script)}'; base-uri 'none'; form-action 'none'">
<title>ekslint ${report.command}</title><style>${style}</style></head><body>
${head(report, findings)}
${first(findings)}
<h2>Findings</h2>
<form hidden>${choosers.join('')}<input name="text" type="search" placeholder="text" aria-label="text"> <output id="shown"></output></form>
${shown.map((finding) => article(finding, cluster)).join('\n')}
${rest > 0 ? `<p>${count(rest, 'finding')} more not shown (--max-findings)</p>` : ''}
${list('Not read', holes)}
${list(`Not judged: ${report.undetermined.length} (the answer depends on something unknown)`, open)}
${list('Notes', remarks)}
<script>${script}</script></body></html>
`;
  return options.githubActions ? runnerSafe(page) : page;
}

const html: Reporter = { id: 'html', format };
export default html;
