import { builtinModules } from 'node:module';

const NAMESPACE = 'lazy-builtins';
const BUILTIN = new RegExp(`^(?:node:.+|(?:${builtinModules.filter((name) => !name.startsWith('_')).join('|')}))$`);

/**
 * Has Node's own modules loaded when something of them is first used. An `import` would load each at once, and all that
 * it gives only when asked, such as the streams of `node:fs`: half of what a short command takes.
 *
 * @type {NonNullable<import('tsup').Options['esbuildPlugins']>[number]}
 */
export const lazyBuiltins = {
  name: NAMESPACE,
  setup(build) {
    build.onResolve({ filter: BUILTIN }, ({ path }) => ({
      path: path.startsWith('node:') ? path : `node:${path}`,
      namespace: NAMESPACE,
    }));
    build.onLoad({ filter: /.*/, namespace: NAMESPACE }, async ({ path }) => ({ contents: await lazily(path) }));
  },
};

/**
 * A CommonJS module, whose names esbuild looks up where they are used.
 *
 * @param {string} builtin
 */
async function lazily(builtin) {
  const { default: whole, ...names } = await import(builtin);
  const load = `process.getBuiltinModule(${JSON.stringify(builtin)})`;
  if (typeof whole === 'function') return `module.exports = ${load};`;
  const getters = Object.keys(names).map((name) => `get ${name}() { return ${load}.${name}; }`);
  // Inherited, since what it has itself is copied for each file that imports it.
  return `module.exports = Object.create({ ${getters.join(', ')} });`;
}
