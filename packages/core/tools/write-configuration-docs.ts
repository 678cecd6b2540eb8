import { mkdir, writeFile } from 'node:fs/promises';

import { renderConfigurationMarkdown, renderEnvExample } from '../src/config/index.ts';

const REPOSITORY = new URL('../../../', import.meta.url);

await mkdir(new URL('docker/', REPOSITORY), { recursive: true });
await writeFile(new URL('docs/configuration.md', REPOSITORY), renderConfigurationMarkdown());
await writeFile(new URL('docker/.env.example', REPOSITORY), renderEnvExample());
