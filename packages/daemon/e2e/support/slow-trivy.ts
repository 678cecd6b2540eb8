import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { realTrivy, temporaryDirectory } from '@scanner/testing';

/** The real Trivy behind a script that takes its time, so that something can happen in the middle of a pass. */
export const slowTrivy = async (seconds: number): Promise<AsyncDisposable & { readonly path: string }> => {
  const directory = await temporaryDirectory();
  const path = join(directory.path, 'trivy');
  const script = `#!/bin/sh\ncase "$*" in image*) /bin/sleep ${seconds};; esac\nexec '${await realTrivy()}' "$@"\n`;
  await writeFile(path, script, { mode: 0o755 });
  return { path, [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose]() };
};
