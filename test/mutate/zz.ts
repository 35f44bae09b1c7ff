import { samples } from '../inputs/key-samples.ts';
import { read } from '../inputs/read.ts';
import { told } from '../inputs/told.ts';
let n = 0;
for (const s of samples) { const { clusters, loose, aws, provided, notes } = read(s.files); 
  const t = told([clusters, loose, aws, provided.map(({ kind, namespace, name }) => [kind, namespace, name]), notes.map(m=>m.message)]); n += t.length;
  if (s.name.includes('pod identities')|| s.name==='eksctl: outpost') console.log(s.name, t.length, t.slice(0, 6000)); }
console.log(samples.length, n);
