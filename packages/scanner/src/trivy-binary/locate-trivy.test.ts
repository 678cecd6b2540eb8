import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, chmod, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

import { temporaryDirectory, waitUntil } from '@scanner/testing';
import { describe, expect, it } from 'vitest';

import { locateTrivy } from './locate-trivy.ts';

const program = async (path: string, script: string): Promise<string> => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
};

const saying = (version: string): string => `echo '{"Version":"${version}"}'`;

/** The ID of a process that has ended. */
const goneProcess = (): number => spawnSync('true').pid;

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('locateTrivy', () => {
  it('takes the explicit one before the search path, and that before the cache', async () => {
    await using directory = await temporaryDirectory();
    const at = (...names: string[]): string => join(directory.path, ...names);
    const cacheDir = at('cache');
    await program(at('own'), saying('0.72.0'));
    await program(at('bin', 'trivy'), saying('0.73.0'));
    await program(at('cache', 'trivy', '0.74.0-0123456789ab', 'trivy'), saying('0.74.0'));
    const searchPath = `relative:${at('none')}:${at('bin')}`;

    expect(await locateTrivy({ explicitPath: at('own'), searchPath, cacheDir })).toEqual({
      path: at('own'),
      version: '0.72.0',
      origin: 'explicit',
      warnings: [],
    });
    expect(await locateTrivy({ searchPath, cacheDir })).toMatchObject({ version: '0.73.0', origin: 'path' });
    expect(await locateTrivy({ searchPath: at('none'), cacheDir })).toMatchObject({
      version: '0.74.0',
      origin: 'cache',
    });
  });

  it('removes the empty directories in which killed processes asked, and no others', async () => {
    await using directory = await temporaryDirectory();
    const place = (pid: number, name: string): string =>
      join(tmpdir(), `gts-trivy-version-${pid}-${basename(directory.path)}-${name}`);
    const [left, filled, used] = [
      place(goneProcess(), 'left'),
      place(goneProcess(), 'filled'),
      place(process.pid, 'used'),
    ];
    for (const path of [left, used, join(filled, 'x')]) await mkdir(path, { recursive: true });
    await program(join(directory.path, 'trivy'), saying('0.74.0'));
    await locateTrivy({ searchPath: directory.path, cacheDir: directory.path });
    expect([left, filled, used].filter((path) => existsSync(path))).toEqual([filled, used]);
    for (const path of [filled, used]) await rm(path, { recursive: true });
  });

  it('removes what killed processes have begun to remember, and not what another is about to', async () => {
    await using directory = await temporaryDirectory();
    const partial = (pid: number): string => `trivy-versions.json.${pid}-${randomUUID()}`;
    const [left, used] = [partial(goneProcess()), partial(process.pid)];
    for (const name of [left, used]) await writeFile(join(directory.path, name), '{"progr');
    await program(join(directory.path, 'trivy'), saying('0.74.0'));
    await locateTrivy({ searchPath: directory.path, cacheDir: directory.path });
    expect(new Set(await readdir(directory.path))).toEqual(new Set(['trivy', 'trivy-versions.json', used]));
  });

  it('gives the path with every link followed', async () => {
    await using directory = await temporaryDirectory();
    const real = await program(join(directory.path, 'lib', 'trivy-0.74'), saying('0.74.0'));
    await symlink(real, join(directory.path, 'trivy'));
    const found = await locateTrivy({ searchPath: directory.path, cacheDir: directory.path });
    expect(found.path).toBe(real);
  });

  it('takes the newest one of the cache, a release before a build, and passes over one that does not work', async () => {
    await using directory = await temporaryDirectory();
    const cached = (name: string, script: string): Promise<string> =>
      program(join(directory.path, 'trivy', name, 'trivy'), script);
    await cached('0.75.0-release-0123456789ab', 'exit 1');
    const built = await cached('0.75.0-0123456789ab', saying('0.75.0'));
    await cached('0.74.0-release-0123456789ab', saying('0.74.0'));
    expect(await locateTrivy({ cacheDir: directory.path })).toMatchObject({ path: built, warnings: [] });
  });

  it('ends at a refused one in the search path although the cache has a good one', async () => {
    await using directory = await temporaryDirectory();
    await program(join(directory.path, 'bin', 'trivy'), saying('0.69.4'));
    await program(join(directory.path, 'trivy', '0.74.0-0123456789ab', 'trivy'), saying('0.74.0'));
    await expect(
      locateTrivy({ searchPath: join(directory.path, 'bin'), cacheDir: directory.path }),
    ).rejects.toMatchObject({ code: 'trivy_refused' });
  });

  it('says how to get one when there is none', async () => {
    await using directory = await temporaryDirectory();
    await expect(locateTrivy({ cacheDir: directory.path })).rejects.toMatchObject({
      code: 'trivy_missing',
      hint: expect.stringContaining('gts trivy install'),
    });
  });

  it('says what is wrong with an explicit path', async () => {
    await using directory = await temporaryDirectory();
    const at = (name: string): string => join(directory.path, name);
    await writeFile(at('plain'), '#!/bin/sh\n', { mode: 0o644 });
    await writeFile(at('text'), 'hello', { mode: 0o755 });
    await writeFile(at('empty'), '', { mode: 0o755 });
    const foreign = Buffer.alloc(64);
    foreign.write('\x7fELF\x02\x01\x01', 'latin1');
    foreign.writeUInt16LE(8, 18);
    await writeFile(at('mips'), foreign, { mode: 0o755 });
    await symlink(at('nowhere'), at('dangling'));
    await writeFile(at('no-interpreter'), '#!/no/such/shell\n', { mode: 0o755 });

    const expected = {
      absent: 'trivy_missing',
      dangling: 'trivy_missing',
      '.': 'trivy_not_executable',
      plain: 'trivy_not_executable',
      text: 'trivy_broken',
      empty: 'trivy_broken',
      mips: 'trivy_broken',
      'no-interpreter': 'trivy_broken',
    };
    for (const [name, code] of Object.entries(expected)) {
      await expect(locateTrivy({ explicitPath: at(name), cacheDir: at('cache') }), name).rejects.toMatchObject({
        code,
        message: expect.stringContaining(at(name)),
        hint: expect.stringMatching(/\w/v),
      });
    }
  });

  it.each([
    ['prints no JSON', 'echo Version: 0.74.0', /printed something else/v],
    ['prints JSON without a version', 'echo "{}"', /printed something else/v],
    ['prints an escape sequence as version', `printf '{"Version":"\\\\u001b[2J"}'`, /printed something else/v],
    ['ends with an error', `${saying('0.74.0')}; exit 3`, /exit code 3/v],
    ['crashes', 'kill -SEGV $$', /SIGSEGV/v],
    ['prints without end', 'while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done', /without end/v],
  ])('calls one broken that %s', async (_title, script, message) => {
    await using directory = await temporaryDirectory();
    const explicitPath = await program(join(directory.path, 'trivy'), script);
    await expect(locateTrivy({ explicitPath, cacheDir: directory.path })).rejects.toMatchObject({
      code: 'trivy_broken',
      message: expect.stringMatching(message),
    });
  });

  it('ends one that hangs, with everything that it started', async () => {
    await using directory = await temporaryDirectory();
    const pidFile = join(directory.path, 'pid');
    const explicitPath = await program(join(directory.path, 'trivy'), `sleep 600 & echo $! > ${pidFile}; wait`);
    await expect(locateTrivy({ explicitPath, cacheDir: directory.path, probeDeadlineMs: 500 })).rejects.toMatchObject({
      code: 'trivy_broken',
      message: expect.stringContaining('did not answer in time'),
    });
    const child = Number(await readFile(pidFile, 'utf8'));
    await waitUntil(() => (isRunning(child) ? undefined : true), { what: 'the end of its child', timeoutMs: 10_000 });
  });

  it('stops on abort with the reason given', async () => {
    await using directory = await temporaryDirectory();
    const started = join(directory.path, 'started');
    const explicitPath = await program(join(directory.path, 'trivy'), `touch ${started}; sleep 600`);
    const abort = new AbortController();
    const located = locateTrivy({ explicitPath, cacheDir: directory.path, signal: abort.signal });
    const reason = new Error('enough');
    setTimeout(() => abort.abort(reason), 200);
    await expect(located).rejects.toBe(reason);
  });

  it('asks in an empty environment and directory', async () => {
    await using directory = await temporaryDirectory();
    const seen = join(directory.path, 'seen');
    const explicitPath = await program(
      join(directory.path, 'trivy'),
      `{ /usr/bin/env | grep -v -e ^PWD= -e ^_= -e ^SHLVL= -e ^OLDPWD=; ls -A; } > ${seen}; ${saying('0.74.0')}`,
    );
    await locateTrivy({ explicitPath, cacheDir: directory.path });
    expect(await readFile(seen, 'utf8')).toBe('');
  });

  it('asks a program once, until its file changes', async () => {
    await using directory = await temporaryDirectory();
    const asked = join(directory.path, 'asked');
    const script = (version: string): string => `echo once >> ${asked}; ${saying(version)}`;
    const explicitPath = await program(join(directory.path, 'trivy'), script('0.73.0'));
    const locate = () => locateTrivy({ explicitPath, cacheDir: join(directory.path, 'cache') });
    await locate();
    expect(await locate()).toMatchObject({ version: '0.73.0' });
    expect(await readFile(asked, 'utf8')).toBe('once\n');

    await program(explicitPath, script('0.74.0'));
    expect(await locate()).toMatchObject({ version: '0.74.0' });
    expect(await readFile(asked, 'utf8')).toBe('once\nonce\n');
  });

  it('asks again when what it remembers is damaged, and mends it', async () => {
    await using directory = await temporaryDirectory();
    const explicitPath = await program(join(directory.path, 'trivy'), saying('0.74.0'));
    const memory = join(directory.path, 'trivy-versions.json');
    await writeFile(memory, '{"programs":[{"path":1');
    expect(await locateTrivy({ explicitPath, cacheDir: directory.path })).toMatchObject({ version: '0.74.0' });
    expect(JSON.parse(await readFile(memory, 'utf8'))).toMatchObject({ programs: [{ version: '0.74.0' }] });
    await appendFile(memory, 'x'.repeat(100_000));
    expect(await locateTrivy({ explicitPath, cacheDir: directory.path })).toMatchObject({ version: '0.74.0' });
  });

  it('works where the cache cannot be written', async () => {
    await using directory = await temporaryDirectory();
    const explicitPath = await program(join(directory.path, 'trivy'), saying('0.74.0'));
    expect(await locateTrivy({ explicitPath, cacheDir: join(explicitPath, 'cache') })).toMatchObject({
      version: '0.74.0',
    });
  });

  it('warns of one that every user can change', async () => {
    await using directory = await temporaryDirectory();
    const explicitPath = await program(join(directory.path, 'trivy'), saying('0.74.0'));
    await chmod(explicitPath, 0o777);
    expect((await locateTrivy({ explicitPath, cacheDir: directory.path })).warnings).toEqual([
      expect.stringContaining('changed by every user'),
    ]);
  });
});
