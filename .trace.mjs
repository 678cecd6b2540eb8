import { liveOnce } from './packages/core/src/testing/lives/life-of-a-host.ts';
const [seed, ref, ...truths] = process.argv.slice(2);
let head='';
await liveOnce(Number(seed), (line) => {
  if (line.startsWith('pass')) { head=line; return; }
  if (line.includes('FAULT') || line.includes(ref)) { if (head) console.log(head); head=''; 
   if (truths.length) line=line.replace(/\d+\/\d+ [A-Z]+ \w+(, )?/g, m=> truths.includes(m.split(' ')[0])?m:'');
   console.log(line); }
});
