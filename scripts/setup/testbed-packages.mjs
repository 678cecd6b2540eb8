import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { hasGo } from './go.mjs';
import { run, runStep } from './run.mjs';
import { SetupError, during } from './say.mjs';

/**
 * @typedef {object} TestbedPackage
 * @property {string} name the Debian package
 * @property {string} executable what it is wanted for; one that is there from elsewhere does as well
 * @property {string} reason
 */

/** @type {readonly TestbedPackage[]} */
const testbedPackages = [
  { name: 'docker.io', executable: 'dockerd', reason: 'a Docker engine of the classic kind' },
  { name: 'containerd', executable: 'containerd', reason: 'what both Docker engines stand on' },
  { name: 'runc', executable: 'runc', reason: 'runs the containers of both Docker engines' },
  { name: 'podman', executable: 'podman', reason: 'another engine with the same interface' },
  { name: 'docker-registry', executable: 'docker-registry', reason: 'a real registry to pull from' },
  { name: 'skopeo', executable: 'skopeo', reason: 'puts images into the registry' },
  { name: 'mmdebstrap', executable: 'mmdebstrap', reason: 'makes a real Debian image from its packages' },
  {
    name: 'docker-compose',
    executable: 'docker-compose',
    reason: 'Compose 1, which starts the container of the daemon',
  },
  { name: 'python3-pip', executable: 'pip3', reason: 'fetches the linter of the Dockerfile' },
  { name: 'jq', executable: 'jq', reason: 'reads tools.json as the documentation shows' },
  { name: 'strace', executable: 'strace', reason: 'shows what the processes that a command starts touch' },
  { name: 'isal', executable: 'igzip', reason: 'inflates layers faster than zlib' },
  { name: 'openssl', executable: 'openssl', reason: 'makes the certificate of a registry of the tests' },
];

/** @type {TestbedPackage} */
const anyGo = {
  name: 'golang-go',
  executable: 'go',
  reason: 'fetches the current Go, which builds the current Docker engine',
};

const policyFile = '/usr/sbin/policy-rc.d';
const policy =
  '#!/bin/sh\n# Written by the set-up of the gts tests for the time of one apt-get: no service is started.\nexit 101\n';

/**
 * Which packages are missing.
 *
 * @param {readonly TestbedPackage[]} packages
 * @param {(executable: string) => boolean} isThere
 */
export const missingPackages = (packages, isThere) => packages.filter(({ executable }) => !isThere(executable));

/**
 * What to type to have the packages.
 *
 * @param {readonly TestbedPackage[]} packages
 */
export const installCommand = (packages) =>
  `apt-get install -y --no-install-recommends ${packages.map(({ name }) => name).join(' ')}`;

/**
 * Installs what the test bed needs of Debian and this machine has not got.
 *
 * @param {NodeJS.ProcessEnv} env
 * @throws {SetupError} without root, saying what to install
 */
export async function installTestbedPackages(env) {
  const isThere = onPath(`${env.PATH}${delimiter}/usr/sbin${delimiter}/sbin`);
  const missing = missingPackages(testbedPackages, isThere);
  if (!(await hasGo(env))) missing.push(anyGo);
  if (missing.length === 0) return requireRoot();
  const list = missing.map(({ name, reason }) => `    ${name}: ${reason}`).join('\n');
  if (process.getuid?.() !== 0 || !isThere('apt-get')) {
    throw new SetupError(
      `The tests run against real engines and a real registry, and this machine lacks:\n${list}`,
      `Install them as root (Debian 12: apt-get update && ${installCommand(missing)}) and run npm test as root.`,
    );
  }
  await during(`Installing Debian packages for the tests; no service is started\n${list}\n `, () =>
    withoutStartingServices(() => aptInstall(missing, env)),
  );
}

function requireRoot() {
  if (process.getuid?.() === 0) return;
  throw new SetupError(
    'The tests start Docker engines of their own, which only root may do.',
    'Run npm test as root; node scripts/check-all.mjs --quick runs what needs no engine.',
  );
}

/**
 * @param {string} path
 * @returns {(executable: string) => boolean}
 */
const onPath = (path) => (executable) =>
  path.split(delimiter).some((directory) => existsSync(join(directory, executable)));

/**
 * The package lists are renewed only when the install fails with those at hand, or there are none.
 *
 * @param {readonly TestbedPackage[]} packages
 * @param {NodeJS.ProcessEnv} env
 */
async function aptInstall(packages, env) {
  const [, ...args] = installCommand(packages).split(' ');
  const quiet = { env: { ...env, DEBIAN_FRONTEND: 'noninteractive' } };
  const { code } = await run('apt-get', args, quiet);
  if (code === 0) return;
  const hint = 'Check that this machine reaches a Debian mirror, then run npm test again.';
  await runStep('apt-get', ['update'], { ...quiet, hint });
  await runStep('apt-get', args, { ...quiet, hint });
}

/**
 * Debian starts what it installs, unless a policy forbids it: a second Docker engine or registry nobody asked for.
 *
 * @template T
 * @param {() => Promise<T>} install
 */
async function withoutStartingServices(install) {
  const present = await readFile(policyFile, 'utf8').catch(() => undefined);
  const isOfTheMachine = present !== undefined && present !== policy;
  if (isOfTheMachine) return install();
  await writeFile(policyFile, policy, { mode: 0o755 });
  try {
    return await install();
  } finally {
    await rm(policyFile, { force: true });
  }
}
