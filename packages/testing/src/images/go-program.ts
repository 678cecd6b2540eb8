import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { execa } from 'execa';

import { temporaryDirectory } from '../temporary-directory.ts';

/**
 * A program that Go built with `golang.org/x/text` at this version, as its build information says; the code of that
 * module is made up, so that nothing has to be fetched.
 */
export async function goProgram(textVersion: string): Promise<Buffer> {
  await using directory = await temporaryDirectory();
  const files = {
    'go.mod': `module example.org/app\n\ngo 1.18\n\nrequire golang.org/x/text ${textVersion}\n`,
    'main.go':
      'package main\n\nimport "golang.org/x/text/language"\n\nfunc main() { println(language.Undetermined) }\n',
    'vendor/modules.txt': `# golang.org/x/text ${textVersion}\n## explicit; go 1.11\ngolang.org/x/text/language\n`,
    'vendor/golang.org/x/text/language/language.go': 'package language\n\nconst Undetermined = "und"\n',
  };
  for (const [name, content] of Object.entries(files)) {
    const path = join(directory.path, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
  await execa('go', ['build', '-mod=vendor', '-trimpath', '-ldflags=-s -w', '-o', 'app', '.'], {
    cwd: directory.path,
    env: { CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOWORK: 'off' },
  });
  return readFile(join(directory.path, 'app'));
}
