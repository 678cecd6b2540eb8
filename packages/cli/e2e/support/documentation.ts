import { readdir, readFile } from 'node:fs/promises';

const REPOSITORY = new URL('../../../../', import.meta.url);

/** What the documentation shows in a language, block by block. */
export const fencedBlocks = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, block]) => block ?? '');

const documents = async (): Promise<string[]> => {
  const docs = (await readdir(new URL('docs/', REPOSITORY))).filter((name) => name.endsWith('.md'));
  const paths = ['README.md', ...docs.map((name) => `docs/${name}`)];
  return Promise.all(paths.map((path) => readFile(new URL(path, REPOSITORY), 'utf8')));
};

const commandLines = async (): Promise<string[]> => {
  const blocks = (await documents()).flatMap((text) => fencedBlocks(text, 'sh'));
  return [...new Set(blocks.flatMap((block) => block.split('\n')).filter((line) => line.startsWith('gts ')))];
};

/** The lines that need the image of the daemon. */
const OF_SERVICE = /^gts host (?:up|down|logs|status)\b/;

/** Every line that starts `gts` in the documentation, but those about the container. */
export const gtsLines = async (): Promise<string[]> => (await commandLines()).filter((line) => !OF_SERVICE.test(line));

/** The lines about the container, in an order in which they can be run: one pass excludes the service. */
export const serviceLines = async (): Promise<string[]> => {
  const lines = (await commandLines()).filter((line) => OF_SERVICE.test(line));
  return lines.toSorted((one, other) => placeOf(one) - placeOf(other));
};

const placeOf = (line: string): number => (line.includes('--once') ? 0 : line.includes(' down') ? 2 : 1);
