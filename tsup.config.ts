import { defineConfig, type Options } from 'tsup';

/**
 * How every package's JavaScript is built; the entries stand in the package's `build` script. Declarations come from
 * `tsc -b`, since tsup's own need a compiler API that TypeScript 7 has not got.
 */
export const shared: Options = {
  format: ['esm'],
  target: 'node24',
  platform: 'node',
  removeNodeProtocol: false,
  outDir: 'dist',
  splitting: true,
  sourcemap: true,
  clean: false,
  dts: false,
  treeshake: true,
};

export default defineConfig(shared);
