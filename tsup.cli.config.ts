import { program } from './tsup.program.config.ts';

const CLI = 'packages/cli/src/cli.ts';
const EVERYDAY = 'packages/cli/src/commands/everyday-commands.ts';
const SCANNER = 'packages/app/src/host/open-scanner.ts';

export default program({
  [EVERYDAY]: CLI,
  'packages/cli/src/commands/shown-tools.ts': CLI,
  'packages/cli/src/commands/host-service-commands.ts': EVERYDAY,
  'packages/cli/src/commands/scrape.ts': EVERYDAY,
  'packages/cli/src/commands/trivy.ts': EVERYDAY,
  'packages/cli/src/catalogue-scanning.ts': EVERYDAY,
  [SCANNER]: EVERYDAY,
  'packages/app/src/host/network-dispatcher.ts': EVERYDAY,
  'packages/cli/src/ignored-findings.ts': EVERYDAY,
  'packages/scanner/src/trivy/archive-check.ts': SCANNER,
  'packages/scanner/src/trivy-measurement/measure-layerwise.ts': SCANNER,
  'packages/scanner/src/trivy/group-analysis.ts': SCANNER,
  'packages/scanner/src/trivy/open-layer-pulls.ts': SCANNER,
  'packages/notifier/src/index.ts': EVERYDAY,
});
