import { readFile } from 'node:fs/promises';

import { defineConfig } from 'tsup';

import { directImports } from './scripts/build/direct-imports.mjs';
import { shared } from './tsup.config.ts';

/**
 * How programs are built: in one piece with all they stand on, taken apart by command. Looking for modules, and loading
 * what a command does not need, would be most of what a short command takes.
 */
export default defineConfig({
  ...shared,
  noExternal: [/./],
  // Some of it is CommonJS and asks for Node's own modules in its own way.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
  esbuildOptions: (options) => {
    options.conditions = ['@scanner/source'];
    options.minifyWhitespace = true;
    options.minifySyntax = true;
  },
  esbuildPlugins: [
    {
      name: 'direct-imports',
      setup(build) {
        build.onLoad({ filter: /\/packages\/[a-z]+\/src\/.*\.ts$/ }, async ({ path }) => ({
          contents: await directImports(await readFile(path, 'utf8')),
          loader: 'ts',
        }));
      },
    },
  ],
});
