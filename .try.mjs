import { liveOnce } from './packages/core/src/testing/lives/life-of-a-host.ts';
const [from, to, max=12] = process.argv.slice(2).map(Number);
let faults=0, bad=0; const t=Date.now(); const tot={};
for (let seed=from; seed<=to; seed++) { const r = await liveOnce(seed).catch(e=>({faults:[`seed ${seed}: ${e.stack}`],told:{}}));
 for (const [k,v] of Object.entries(r.told)) { tot[k]??={true:0,false:0,missed:0}; for (const q in v) tot[k][q]+=v[q]; }
 if (r.faults.length) { bad++; if (bad<=max) console.log(r.faults.slice(0,3).join('\n')); } }
console.log(bad,'bad lives of',to-from+1, JSON.stringify(tot), Date.now()-t,'ms');
