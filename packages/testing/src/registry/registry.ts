import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { execa } from 'execa';

import { startOwnedProcess } from '../owned-process.ts';
import type { OwnedProcess } from '../owned-process.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { waitUntil } from '../wait-until.ts';

/** A real registry without contents, on the loopback interface, over plain HTTP. */
export interface Registry extends AsyncDisposable {
  /** `127.0.0.1:PORT`, as it stands at the beginning of a reference. */
  readonly host: string;
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Copies an OCI layout that holds one image or index to `HOST/REPOSITORY_AND_TAG`. */
  pushOci(layoutDirectory: string, repositoryAndTag: string): Promise<void>;
  stop(): Promise<void>;
}

/** The one account that may use a registry. */
export interface RegistryAccount {
  readonly username: string;
  readonly password: string;
  /** The password's bcrypt hash, of the kind `$2y$`. */
  readonly passwordHash: string;
}

const START_TIMEOUT_MS = 20_000;

/**
 * Starts Debian's `docker-registry` on a free port with a store of its own, from which manifests can be deleted. It serves
 * everybody, or the one account only.
 */
export async function startRegistry(account?: RegistryAccount): Promise<Registry> {
  const directory = await temporaryDirectory();
  const configuration = join(directory.path, 'registry.json');
  const accounts = join(directory.path, 'accounts');
  if (account !== undefined) await writeFile(accounts, `${account.username}:${account.passwordHash}\n`);
  const auth = account === undefined ? {} : { auth: { htpasswd: { realm: 'registry', path: accounts } } };
  await writeFile(configuration, JSON.stringify({ ...configurationFor(directory.path), ...auth }));
  const server = await startOwnedProcess({
    command: 'docker-registry',
    args: ['serve', configuration],
    env: { PATH: process.env['PATH'] ?? '', HOME: directory.path, OTEL_TRACES_EXPORTER: 'none' },
    workingDirectory: directory.path,
    logFile: join(directory.path, 'registry.log'),
    isolated: false,
  });
  const stop = async (): Promise<void> => {
    await server.stop();
    await directory[Symbol.asyncDispose]();
  };
  try {
    const host = await addressOf(server);
    return { host, url: `http://${host}`, pushOci: pusherTo(host, account), stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    const log = await server.logTail();
    await stop();
    throw new Error(`The registry did not start. The end of its log:\n${log}`, { cause: error });
  }
}

function configurationFor(directory: string): object {
  return {
    version: '0.1',
    log: { level: 'info' },
    storage: { filesystem: { rootdirectory: join(directory, 'store') }, delete: { enabled: true } },
    http: { addr: '127.0.0.1:0' },
  };
}

/** The system chooses the port; the registry's log tells which. */
function addressOf(server: OwnedProcess): Promise<string> {
  return waitUntil(
    async () => {
      const port = /listening on 127\.0\.0\.1:(\d+)/.exec(await server.logTail())?.[1];
      return port === undefined ? undefined : `127.0.0.1:${port}`;
    },
    { what: 'the port of the registry', timeoutMs: START_TIMEOUT_MS },
  );
}

function pusherTo(host: string, account: RegistryAccount | undefined): Registry['pushOci'] {
  const login = account === undefined ? [] : ['--dest-creds', `${account.username}:${account.password}`];
  return async (layoutDirectory, repositoryAndTag) => {
    const target = `docker://${host}/${repositoryAndTag}`;
    const options = ['--all', '--dest-tls-verify=false', '--quiet', ...login];
    await execa('skopeo', ['copy', ...options, `oci:${layoutDirectory}`, target]);
  };
}
