import { type Finding, qualifiedName, rank, type Report, severities } from '#model/finding.ts';
import type { Location } from '#syntax/tree.ts';
import { cut, plain, runnerSafe } from './escape.ts';
import { tellNotes } from './notes.ts';
import {
  doFirst,
  groupUndetermined,
  keepWorst,
  pageOf,
  type Reporter,
  type ReporterOptions,
  selectFindings,
} from './reporter.ts';
import { count, judged, tally } from './text.ts';

const most = { message: 2000, first: 10, options: 500, gone: 200 };

/** Untrusted text, as text: none of it is markup, and characters that would reverse or hide it are shown as escapes. */
const says = (text: string): string =>
  plain(cut(text, most.message)).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const style = `
:root{color-scheme:light dark;--page:#fff;--card:#fff;--line:#d5d9e0;--soft:#f3f5f8;--quiet:#59626f;--critical:#a1000f;--high:#b93b08;--medium:#7d5800;--low:#1d5fa8;--info:#5f6368}
@media(prefers-color-scheme:dark){:root{--page:#14171c;--card:#1b1f26;--line:#343b46;--soft:#222831;--quiet:#a2abb8;--critical:#ff8a8f;--high:#ffab70;--medium:#e6c35c;--low:#84b9f5;--info:#a3a8ae}}
*{box-sizing:border-box}
body{font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;max-width:72rem;margin:0 auto;padding:1.5rem 1rem 3rem;background:var(--page);overflow-wrap:anywhere}
h1{font-size:1.5rem;margin:0 0 1rem}h2{font-size:1.15rem;margin:2rem 0 .6rem}
.cluster{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;margin:0 0 .8rem;padding:.7rem 1rem;border:1px solid var(--line);border-radius:.5rem;background:var(--soft)}
dt{color:var(--quiet)}dd{margin:0}
.counts{display:flex;flex-wrap:wrap;gap:.5rem;padding:0;margin:1rem 0;list-style:none}
.counts li{border:1px solid var(--line);border-left:4px solid currentColor;border-radius:.4rem;padding:.3rem .8rem;background:var(--card)}
.counts b{font-size:1.3rem;margin-right:.3rem}.counts .none{opacity:.45}
.hole{border-left:4px solid var(--critical);padding:.5rem .8rem;background:var(--soft);border-radius:0 .4rem .4rem 0}
form{position:sticky;top:0;z-index:1;display:flex;flex-wrap:wrap;align-items:center;gap:.5rem;margin:.5rem 0 .8rem;padding:.6rem 0;background:var(--page);border-bottom:1px solid var(--line)}
select,input,button{font:inherit;min-width:0;max-width:16rem;padding:.3rem .5rem;border:1px solid var(--line);border-radius:.35rem;background:var(--card);color:inherit}
select:focus-visible,input:focus-visible,button:focus-visible,a:focus-visible{outline:2px solid var(--low);outline-offset:1px}
#shown{color:var(--quiet);margin-left:auto}
article{margin:0 0 .6rem;padding:.6rem .9rem;border:1px solid var(--line);border-left:4px solid var(--line);border-radius:.4rem;background:var(--card);break-inside:avoid}
article.critical{border-left-color:var(--critical)}article.high{border-left-color:var(--high)}article.medium{border-left-color:var(--medium)}article.low{border-left-color:var(--low)}
article p{margin:.15rem 0}[hidden]{display:none!important}
.severity{font-weight:700;text-transform:uppercase;font-size:.78rem;letter-spacing:.02em}
span.critical,b.critical,li.critical{color:var(--critical)}span.high,b.high,li.high{color:var(--high)}span.medium,b.medium,li.medium{color:var(--medium)}span.low,b.low,li.low{color:var(--low)}span.info,b.info,li.info{color:var(--info)}
.counts li>span{color:var(--quiet)}
.badge{font-size:.78rem;border:1px solid var(--line);border-radius:1rem;padding:0 .5rem;white-space:nowrap}
code{font:.88em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}a{color:var(--low)}
.advice{color:var(--quiet)}.where{font-size:.88rem;color:var(--quiet)}
ol,ul{padding-left:2rem}li{margin:.15rem 0}
@media(max-width:36rem){body{padding:1rem .7rem 2rem}form{position:static;display:grid;grid-template-columns:1fr 1fr}select,input,button{max-width:none;width:100%}#shown{margin:0;align-self:center}.cluster{grid-template-columns:1fr;gap:0}dt{font-size:.82rem;margin-top:.3rem}}
@page{margin:14mm}
@media print{:root{color-scheme:light;--page:#fff;--card:#fff;--line:#bbb;--soft:#f6f6f6;--quiet:#444;--critical:#a1000f;--high:#b93b08;--medium:#7d5800;--low:#1d5fa8;--info:#5f6368}form{display:none}body{max-width:none;padding:0;font-size:10.5pt}a{color:inherit;text-decoration:none}article{padding:.3rem .6rem;margin-bottom:.35rem}h2{break-after:avoid}}
`;

/** Our own and only script: it shows and hides articles by their data attributes, and does not interpret their text. */
const script = `
const form=document.querySelector('form'),shown=document.querySelector('#shown'),all=[...document.querySelectorAll('article')];
const texts=new Map(all.map(one=>[one,one.textContent.toLowerCase()]));
const show=()=>{let n=0;const text=form.elements.text.value.toLowerCase();for(const one of all){
const fits=['severity','rule','namespace','cluster','state'].every(key=>{const chosen=form.elements[key];return !chosen||!chosen.value||one.dataset[key]===chosen.value});
one.hidden=!fits||!texts.get(one).includes(text);n+=one.hidden?0:1}
shown.textContent=n+' of '+all.length};
form.hidden=false;form.addEventListener('input',show);form.addEventListener('reset',()=>setTimeout(show));form.addEventListener('submit',event=>event.preventDefault());show();
`;

const digest = (text: string): string =>
  process.getBuiltinModule('node:crypto').createHash('sha256').update(text).digest('base64');

const place = (at: Location): string => says(at.start ? `${at.source}:${at.start.line}` : at.source);
const ruleName = (rule: string): string => {
  const page = pageOf(rule);
  return page === undefined ? `<code>${says(rule)}</code>` : `<a href="${page}"><code>${rule}</code></a>`;
};

interface Shown {
  /** Whether an earlier audit shows what is new. */
  readonly isCompared: boolean;
  readonly clusters: number;
}

function article(finding: Finding, { isCompared, clusters }: Shown): string {
  const { rule, severity, message, help, at, declared, subject, hidden, since, cluster } = finding;
  const state = !isCompared ? '' : since === undefined ? 'new' : 'unchanged';
  const age =
    since === undefined
      ? isCompared
        ? ' <span class="badge">new</span>'
        : ''
      : ` <span class="badge">since ${says(since.slice(0, 10))}</span>`;
  const name = cluster?.name ?? '';
  const places = [
    `${place(at)}${at.path === '' ? '' : ` <code>${says(at.path)}</code>`}`,
    ...(declared && declared.source !== at.source ? [`declared at <b>${place(declared)}</b>`] : []),
    // A running object is already shown by its name.
    ...(at.start ? [says(qualifiedName(subject))] : []),
    ...(clusters > 1 && name !== '' && !at.source.startsWith(`${name}: `) ? [says(name)] : []),
    ruleName(rule),
  ];
  const lines = [
    `<p><span class="severity ${severity}">${severity}</span>${age} ${says(message)}</p>`,
    ...(help === undefined ? [] : [`<p class="advice">Fix: ${says(help)}</p>`]),
    ...(hidden ? [`<p class="advice">Ignored: ${says(hidden.reason)}</p>`] : []),
    `<p class="where">${places.join(' · ')}</p>`,
  ];
  const data = { severity, rule, namespace: subject.namespace, cluster: name, state };
  const attributes = Object.entries(data).map(([key, value]) => ` data-${key}="${says(value)}"`);
  return `<article class="${severity}"${attributes.join('')}>${lines.join('')}</article>`;
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
    ({ name, arn, endpoint, version, uid, role, from, to }) =>
      `<dl class="cluster"><dt>Cluster</dt><dd>${says(arn || name)}</dd><dt>Server</dt><dd>${says(endpoint)} (${says(version)})</dd><dt>Uid</dt><dd>${says(uid || 'not known')}</dd>${role === undefined ? '' : `<dt>Role</dt><dd>${says(role)}</dd>`}<dt>Read</dt><dd>${says(from)} to ${says(to)}</dd></dl>`,
  );
  const open = findings.filter(({ hidden }) => !hidden);
  const counts = [...tally(open)].map(
    ([severity, n]) => `<li class="${n === 0 ? 'none' : severity}"><b>${n}</b><span>${severity}</span></li>`,
  );
  const hole = report.complete
    ? ''
    : '<p class="hole"><b>The result is incomplete:</b> not everything that was asked for could be judged.</p>';
  return `<h1>ekslint ${report.command}</h1>${clusters.join('')}<ul class="counts">${counts.join('')}</ul>${hole}<p>${says(judged(report))}.</p>`;
}

/** Findings that are new or gone since an earlier audit. */
function changed({ compared, findings }: Report): string {
  if (!compared) return '';
  const { file, at, gone, unclear } = compared;
  const open = findings.filter(({ hidden }) => !hidden);
  const fresh = open.filter(({ since }) => since === undefined).length;
  const rest = unclear.length > 0 ? `, ${unclear.length} that this audit could not judge` : '';
  const lines = gone
    .slice(0, most.gone)
    .map(
      ({ severity, message, subject, rule, since }) =>
        `<li><span class="severity ${severity}">${severity}</span> ${says(message)} <span class="where">${says(qualifiedName(subject))} · since ${says(since.slice(0, 10))} · ${ruleName(rule)}</span></li>`,
    );
  const more = gone.length > lines.length ? `<p>and ${gone.length - lines.length} more</p>` : '';
  return `<h2>Since ${says(at)}</h2><p>${fresh} new, ${open.length - fresh} unchanged, ${gone.length} gone${rest} (compared with ${says(file)}).</p>${
    lines.length > 0 ? `<h2>Gone</h2><ul>${lines.join('')}</ul>${more}` : ''
  }`;
}

function format(report: Report, options: ReporterOptions): string {
  const findings = selectFindings(report, options);
  const shown = keepWorst(findings, options.maxFindings ?? Infinity)
    .map((finding, index) => ({ finding, index }))
    .sort((a, b) => rank(a.finding.severity) - rank(b.finding.severity) || a.index - b.index)
    .map(({ finding }) => finding);
  const rest = findings.length - shown.length;
  const choosers = [
    chooser(
      'severity',
      severities.filter((one) => shown.some(({ severity }) => severity === one)),
    ),
    chooser('rule', shown.map(({ rule }) => rule).sort()),
    chooser('namespace', shown.map(({ subject }) => subject.namespace).sort()),
    chooser('cluster', shown.map(({ cluster }) => cluster?.name ?? '').sort()),
    report.compared ? chooser('state', ['new', 'unchanged']) : '',
  ];
  const notes = tellNotes(report.notes, { place, says });
  const holes = [
    ...report.crashes.map(
      ({ rule, at, error }) => `Rule ${ruleName(rule)} crashed at ${place(at)}: ${says(error.message)}`,
    ),
    ...notes.filter(({ grave }) => grave).map(({ line }) => line),
  ];
  const remarks = notes.filter(({ grave }) => !grave).map(({ line }) => line);
  const open = groupUndetermined(report).map(
    ({ why, count: n, rules }) => `${n} × ${says(why)}: ${rules.map(ruleName).join(', ')}`,
  );
  const as: Shown = { isCompared: report.compared !== undefined, clusters: report.audited?.length ?? 0 };
  const page = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${digest(style)}'; script-src 'sha256-${digest(script)}'; base-uri 'none'; form-action 'none'">
<title>ekslint ${report.command}</title><style>${style}</style></head><body>
${head(report, findings)}
${first(findings)}
<h2>Findings</h2>
<form hidden>${choosers.join('')}<input name="text" type="search" placeholder="search" aria-label="search"> <button type="reset">Show all</button><output id="shown"></output></form>
${shown.map((finding) => article(finding, as)).join('\n')}
${rest > 0 ? `<p>${count(rest, 'finding')} more not shown (--max-findings)</p>` : ''}
${changed(report)}
${list('Not read', holes)}
${list(`Not judged: ${report.undetermined.length} (the answer depends on something unknown)`, open)}
${list('Notes', remarks)}
<script>${script}</script></body></html>
`;
  return options.githubActions ? runnerSafe(page) : page;
}

const html: Reporter = { id: 'html', format };
export default html;
