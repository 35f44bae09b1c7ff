import { readFileSync, readdirSync } from 'node:fs';
import { Names, filesOfNames } from './names.ts';
import { openModules } from './modules.ts';
import { collectTests } from './tests.ts';
const names = new Names();
const texts = new Map(filesOfNames().map((f) => [f, names.instrument(f, readFileSync(f, 'utf8'))]));
let active = -1; let seen: Set<number> | undefined;
const { module, take } = collectTests();
const modules = await openModules(texts, (id, text) => { seen?.add(id); return id === active ? text + 'Zz' : text; }, { vitest: module });
const inFolder = (d: string) => readdirSync(d).filter(n=>n.endsWith('.test.ts')).map(n=>`${d}/${n}`);
const files = [...['inputs','aws'].flatMap(d=>inFolder('test/'+d))].filter(f=>!/kubectl.test|odd-values/.test(f));
const slow = /survive any damage|never make an input throw|flips no verdict|range\(2000\)/;
const all = new Set<number>();
const loadSeen = new Set<number>();
for (const pass of [2]) {
  let total = 0;
for (const f of files) {
  modules.forget();
  let t = Date.now();
  seen = pass === 2 ? new Set() : undefined;
  try { await modules.load(f); } catch (e) { console.log('LOAD FAIL', f, e); take(); continue; }
  const load = Date.now() - t; t = Date.now();
  for (const s of seen ?? []) {all.add(s); loadSeen.add(s);}
  const tests = take();
  let fails = 0;
  for (const one of tests) {
    if (slow.test(one.title)) continue; const t1=Date.now();
    seen = pass === 2 ? new Set() : undefined;
    try { await one.run(); } catch (e) { fails++; if (fails < 3) console.log('FAIL', f, one.title, String(e).slice(0, 300)); }
    for (const s of seen ?? []) all.add(s); if (Date.now()-t1>1000) console.log(Date.now()-t1, one.title);
  }
  total += load + Date.now() - t;
  console.log(f, tests.length, 'load', load, 'run', Date.now() - t, 'fails', fails);
}
  console.log(pass, total);
}
console.log(names.all.length, 'seen', all.size, 'at load', loadSeen.size);
await modules.close();
process.exit(0);
