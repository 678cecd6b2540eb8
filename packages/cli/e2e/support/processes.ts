import { readdir, readFile } from 'node:fs/promises';

/** The command lines of all processes whose environment names a path, such as the temporary directory they were given. */
export const processesNaming = async (path: string): Promise<string[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      if (!environment.includes(path)) return [];
      const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return commandLine === '' ? [] : [commandLine.replaceAll('\0', ' ').trim()];
    }),
  );
  return found.flat();
};
