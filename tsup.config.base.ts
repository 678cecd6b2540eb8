import { defineConfig, type Options } from 'tsup';

/** What every package's JavaScript is built with; declarations come from `tsc -b`, since tsup's own need a compiler API that TypeScript 7 has not got. */
export const packageBuild = (entry: Record<string, string>, more: Options = {}): ReturnType<typeof defineConfig> =>
  defineConfig({
    entry,
    format: ['esm'],
    target: 'node24',
    platform: 'node',
    splitting: true,
    sourcemap: true,
    clean: false,
    dts: false,
    treeshake: true,
    ...more,
  });
