import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The programs as they are shipped. */
export const GTS = mainBeside(import.meta.resolve('@scanner/cli/package.json'));
export const IMAGE_SCANNER = mainBeside(import.meta.resolve('@scanner/daemon/package.json'));

function mainBeside(packageUrl: string): string {
  return join(dirname(fileURLToPath(packageUrl)), 'dist', 'main.js');
}
