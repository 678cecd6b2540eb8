// usage: seed ref truth ; monkeypatches the store and oracle
import { InMemoryTellingStore } from './packages/core/src/testing/in-memory-telling-store.ts';
import { HostOracle } from './packages/core/src/testing/lives/host-oracle.ts';
import { liveOnce } from './packages/core/src/testing/lives/life-of-a-host.ts';
const [seed, ref, truth] = process.argv.slice(2);
let last; const states=[];
const commit = InMemoryTellingStore.prototype.commit;
InMemoryTellingStore.prototype.commit = function(t){ states.push(structuredClone(t.state)); return commit.call(this,t); };
const conclude = HostOracle.prototype.conclude; let oracle; const looks=[];
HostOracle.prototype.conclude = function(p){ oracle=this; const d=conclude.call(this,p); looks.push([p, this.peek?.(ref)]); return d; };
let done=false; let keys=new Set();
await liveOnce(Number(seed), (line)=>{ if(done) return; if (line.includes('FAULT')) { done=true;
  for (const s of [states.at(-2), states.at(-1)]) { const r=s?.references.find(x=>x.reference===ref); if(!r){console.log('none');continue;}
   const f=([k])=> k.includes(process.argv[5]);
   console.log(JSON.stringify({standing:r.standing,baseline:r.baseline,known:r.known.filter(k=>k.key.includes(process.argv[5])),unl:r.unlisted?.filter(f),elsewhere:r.unlistedElsewhere.map(e=>[e.args,e.unlisted.filter(f)]),listings:r.listings.map(l=>[l.filter.severities.join(),l.filter.extra_args.join(),l.at,l.scan].join(' ')),untold:r.untold, missing:r.missing, scanned:r.scanned, cov:r.coverage},null,1)); }
  const b=oracle.peek?.(ref); if (b) console.log('ORACLE', JSON.stringify({known:b.known.get(truth), gone:b.gone.get(truth), told:b.told?.get(truth), file:b.file, missing:b.missing.get(truth), looks:b.looks.map(l=>[l.settings.severities.join(),l.settings.args,new Date(l.at).toISOString(),l.scan,JSON.stringify(l.seen.get(truth)??null)].join(' '))},null,1));
 }});
