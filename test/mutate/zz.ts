import { readFileSync } from 'node:fs';
import { Names, filesOfNames } from './names.ts';
import { samples } from '../inputs/key-samples.ts';
const words = new Set<string>();
for (const s of samples) for (const t of Object.values(s.files)) for (const w of t.match(/[\w.:/-]+/g) ?? []) words.add(w);
const names = new Names();
for (const f of filesOfNames()) names.instrument(f, readFileSync(f, 'utf8'));
const by = new Map<string, Set<string>>();
for (const n of names.all) { const last = n.text.split('.').at(-1)!.replace('[]',''); if (!words.has(n.text) && !n.text.split('.').every(p=>words.has(p.replace('[]','')))) by.set(n.file, (by.get(n.file) ?? new Set()).add(n.text)); }
for (const [f, s] of [...by].sort((a,b)=>b[1].size-a[1].size)) if (process.argv[2] ? f.includes(process.argv[2]) : true) console.log(f, s.size, [...s].join(' '));
