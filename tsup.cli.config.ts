import { program } from './tsup.program.config.ts';

const CLI = 'packages/cli/src/cli.ts';
const EVERYDAY = 'packages/cli/src/commands/everyday-commands.ts';

export default program({
  [EVERYDAY]: CLI,
  'packages/cli/src/commands/host-service-commands.ts': CLI,
  'packages/cli/src/commands/scrape.ts': CLI,
  'packages/cli/src/commands/shown-tools.ts': CLI,
  'packages/cli/src/commands/trivy.ts': CLI,
  'packages/cli/src/catalogue-scanning.ts': EVERYDAY,
  'packages/app/src/host/open-scanner.ts': EVERYDAY,
  'packages/notifier/src/index.ts': EVERYDAY,
});
