export const STYLESHEET = `
:root { color-scheme: light dark; --line: #d0d7de; --soft: #59636e; --critical: #a40e26; --high: #bc4c00; --medium: #7d4e00; --low: #0550ae; --warn: #fff8c5; }
@media (prefers-color-scheme: dark) { :root { --line: #3d444d; --soft: #9198a1; --critical: #ff7b72; --high: #ffa657; --medium: #e3b341; --low: #79c0ff; --warn: #3b2f00; } }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 80rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .25rem; }
p { margin: .25rem 0; } .soft { color: var(--soft); }
.warning { background: var(--warn); padding: .5rem .75rem; border-radius: .4rem; font-weight: 600; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; margin-top: .5rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; white-space: nowrap; }
td[data-label=Severity], td[data-label=Vulnerability] { overflow-wrap: break-word; }
td[data-label=Installed], td[data-label="Fixed in"] { min-width: 7rem; }
.critical { color: var(--critical); font-weight: 700; } .high { color: var(--high); font-weight: 600; }
.medium { color: var(--medium); } .low { color: var(--low); } .unknown { color: var(--soft); }
@media (max-width: 45rem) {
  thead { display: none; } tr { display: block; padding: .5rem 0; border-bottom: 1px solid var(--line); }
  td, td[data-label] { display: block; border: 0; padding: .1rem 0; min-width: 0; }
  td::before { content: attr(data-label) ": "; color: var(--soft); }
}
`;
