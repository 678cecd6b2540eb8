import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { root } from '../setup/places.mjs';

const IMPORT = /^import \{([^}]*)\} from '@scanner\/([a-z]+)(?:\/([a-z-]+))?';$/gm;
const RE_EXPORT = /^export (?:type )?\{([^}]*)\} from '(\.[^']*)';$/gm;
const RE_EXPORT_ALL = /^export \* from '(\.[^']*)';$/gm;

/**
 * Has every name imported from the file that makes it, not from its package's index: a bundler that splits by command
 * takes an index, with all that any command wants of it, for wanted by each. Zod's names are taken one by one too.
 *
 * @param {string} source TypeScript as it is formatted here
 * @returns {Promise<string>} with the same lines
 */
export async function directImports(source) {
  let direct = source.replaceAll("import { z } from 'zod';", "import * as z from 'zod';");
  for (const [statement, names = '', name = '', part = ''] of source.matchAll(IMPORT)) {
    const files = await filesOf(join(root, 'packages', name, 'src', part, 'index.ts'));
    const imports = wordsOf(names)
      .filter((word) => !word.startsWith('type '))
      .map((word) => `import { ${word} } from '${files.get(word.split(' as ')[0] ?? '') ?? `@scanner/${name}`}';`);
    direct = direct.replace(statement, imports.join(' ') + '\n'.repeat(statement.split('\n').length - 1));
  }
  return direct;
}

/** @typedef {ReadonlyMap<string, string>} Files which file makes each name of an index */

/** @type {Map<string, Promise<Files>>} */
const known = new Map();

/** @param {string} index */
function filesOf(index) {
  const found = known.get(index) ?? readExports(index);
  known.set(index, found);
  return found;
}

/**
 * @param {string} file
 * @returns {Promise<Files>}
 */
async function readExports(file) {
  const source = await readFile(file, 'utf8');
  /** @type {Map<string, string>} */
  const files = new Map();
  for (const [, names = '', path = ''] of source.matchAll(RE_EXPORT))
    for (const word of wordsOf(names)) {
      const made = join(dirname(file), path);
      files.set(word, (await filesOf(made)).get(word) ?? made);
    }
  for (const [, path = ''] of source.matchAll(RE_EXPORT_ALL))
    for (const [name, made] of await filesOf(join(dirname(file), path))) files.set(name, made);
  return files;
}

/** @param {string} names */
function wordsOf(names) {
  return names
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
