import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { defineConfig } from 'tsup';

import { directImports } from './scripts/build/direct-imports.mjs';
import { lazyBuiltins } from './scripts/build/lazy-builtins.mjs';
import { root } from './scripts/setup/places.mjs';
import { shared } from './tsup.config.ts';

/**
 * How programs are built: in one piece with all they stand on, taken apart by command. Looking for modules, and loading
 * what a command does not need, would be most of what a short command takes.
 *
 * @param loadedBefore for a file that is loaded late, one that is always loaded by then, both from the root. A bundler
 * takes either for a program of its own, and cuts what they share into a file for each way of sharing; told so, it need not.
 */
export const program = (loadedBefore: Readonly<Record<string, string>> = {}) =>
  defineConfig({
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
      lazyBuiltins,
      {
        name: 'direct-imports',
        setup(build) {
          const before = new Map(Object.entries(loadedBefore).map(([late, early]) => [join(root, late), early]));
          build.onLoad({ filter: /\/packages\/[a-z]+\/src\/.*\.ts$/ }, async ({ path }) => {
            const early = before.get(path);
            const source = await directImports(await readFile(path, 'utf8'));
            const contents = early === undefined ? source : `${source}import ${JSON.stringify(join(root, early))};\n`;
            return { contents, loader: 'ts' };
          });
        },
      },
    ],
  });

export default program();
