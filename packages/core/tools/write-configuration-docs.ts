import { writeFile } from 'node:fs/promises';

import { renderConfigurationMarkdown } from '../src/config/index.ts';

await writeFile(new URL('../../../docs/configuration.md', import.meta.url), renderConfigurationMarkdown());
