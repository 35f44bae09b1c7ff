import { readFileSync } from 'node:fs';
const { rules } = await import('/work/main/src/rule/registry.ts');
const { lintTexts } = await import('/work/main/test/lint-texts.ts');
const { readPage } = await import('/work/main/src/rule/page.ts');
const ids = ['rbac/wildcard-everything','rbac/wildcard-verb','rbac/wildcard-resource','rbac/secrets-access','rbac/escalate-bind','rbac/cluster-admin-binding','rbac/anonymous-binding','rbac/dangling-role-ref','rbac/dangling-subject','secrets/literal-in-env','iam/irsa-role-arn-malformed','iam/irsa-annotation-misspelled','images/mutable-tag','load-balancing/unknown-annotation','storage/in-tree-aws-provisioner'];
const mine = rules.filter((r:any)=>ids.includes(r.id));
const { parseAllDocuments } = await import('/work/main/node_modules/yaml/dist/index.js');
const odd:any[] = [null, 7, 'x', true, [], {}, [null], [[1]], {a:null}, ['x', 1, null, {}], {kind:{}}, ''];
let runs=0, crashes=new Set<string>();
function* paths(o:any, p:any[]=[]):any { if (o && typeof o==='object') for (const k of Object.keys(o)) { yield [...p,k]; yield* paths(o[k],[...p,k]); } }
for (const id of ids) {
  const page = readPage(readFileSync(`/work/main/rules/${id}.md`,'utf8'));
  for (const ex of page.examples.slice(0,4)) for (const b of ex.blocks) if (b.title!=='ekslint.yaml') {
    const docs = parseAllDocuments(b.text).map((d:any)=>d.toJS()).filter((d:any)=>d&&typeof d==='object');
    const out:any[]=[];
    for (const d of docs.filter((d:any)=>d.kind!=='Kustomization')) for (const p of paths(d)) for (const v of odd) { const last=p.at(-1); if ((last==='apiVersion'||last==='kind'||((last==='name'||last==='namespace')&&p.at(-2)==='metadata'))&&typeof v==='object') continue;
      const c = structuredClone(d); let n=c; for (const k of p.slice(0,-1)) n=n[k]; n[p.at(-1)]=v; out.push(JSON.stringify(c));
    }
    for (let i=0;i<out.length;i+=300) {
      const r = await lintTexts({'a.yaml': out.slice(i,i+300).join('\n---\n')}, mine as any); runs+=Math.min(300,out.length-i);
      for (const c of r.crashes) crashes.add(c.rule+': '+c.error.stack?.split('\n').slice(0,3).join(' | '));
    }
  }
}
console.log(runs, [...crashes]);
const big = ['a','eyJ','AKIA','a:','://','http://a:',' ','<','-','SG.','/','x=','a-','Aa0+/','$(','-----BEGIN ','*','.','1','0.','gh','"'];
for (const s of big) {
  const v = s.repeat(Math.ceil(1e6/s.length)); const u = v+' !';
  for (const t of [v,u]) {
  const pod = {apiVersion:'v1',kind:'Pod',metadata:{name:t,annotations:{[t]:t,['alb.ingress.kubernetes.io/'+t]:t}},spec:{containers:[{name:'a',image:t,env:[{name:'TOKEN',value:t},{name:t,value:t},{name:'PASSWORD',value:t}]}]}};
  const ing = {apiVersion:'networking.k8s.io/v1',kind:'Ingress',metadata:{name:'x',annotations:{[t]:t,['alb.ingress.kubernetes.io/'+t]:t}}};
  const sa = {apiVersion:'v1',kind:'ServiceAccount',metadata:{name:'x',annotations:{'eks.amazonaws.com/role-arn':t,[t]:t}}};
  const role = {apiVersion:'rbac.authorization.k8s.io/v1',kind:'ClusterRole',metadata:{name:t},rules:[{apiGroups:[t],verbs:['*'],resources:[t]}]};
  const crb = {apiVersion:'rbac.authorization.k8s.io/v1',kind:'ClusterRoleBinding',metadata:{name:t},roleRef:{kind:'ClusterRole',name:t},subjects:[{kind:'ServiceAccount',name:t,namespace:t}]};
  const t0=Date.now(); const r=await lintTexts({'a.json':JSON.stringify({apiVersion:'v1',kind:'List',items:[pod,ing,sa,role,crb]})},[] as any); const t1=Date.now();
  const r2=await lintTexts({'a.json':JSON.stringify({apiVersion:'v1',kind:'List',items:[pod,ing,sa,role,crb]})},mine as any); const t2=Date.now();
  if ((t2-t1)-(t1-t0)>300) console.log(JSON.stringify(s), t1-t0, t2-t1, r2.crashes.length);
  }
}
