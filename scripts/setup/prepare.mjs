import { installTestbedPackages } from './testbed-packages.mjs';
import { provideCompose } from './compose.mjs';
import { provideHadolint } from './hadolint.mjs';
import { provideDockerd } from './dockerd.mjs';
import { provideToolchain } from './toolchain.mjs';
import { provideTrivy } from './trivy.mjs';
import { build, installDependencies } from './workspace.mjs';

/**
 * What developing needs: Node, pnpm and the dependencies.
 *
 * @returns {Promise<import('./toolchain.mjs').Toolchain>}
 */
export async function prepareWorkspace() {
  const toolchain = await provideToolchain();
  await installDependencies(toolchain);
  return toolchain;
}

/**
 * What scanning needs: the above, the built packages and a Trivy.
 *
 * @returns {Promise<import('./toolchain.mjs').Toolchain>}
 */
export async function prepareScan() {
  const toolchain = await prepareWorkspace();
  await build(toolchain);
  await provideTrivy(toolchain);
  return toolchain;
}

/**
 * What the tests need: the above and two Docker engines, a registry and the tools that make images. Where they are
 * is told to the tests by the environment.
 *
 * @returns {Promise<import('./toolchain.mjs').Toolchain>}
 */
export async function prepareTestbed() {
  const toolchain = await prepareWorkspace();
  await installTestbedPackages(toolchain.env);
  await build(toolchain);
  const trivy = await provideTrivy(toolchain);
  const dockerd = await provideDockerd(toolchain.env);
  const compose = await provideCompose(toolchain.env);
  const hadolint = await provideHadolint(toolchain.env);
  const env = {
    ...toolchain.env,
    GTS_TESTBED_TRIVY: trivy,
    GTS_TESTBED_DOCKERD: dockerd,
    GTS_TESTBED_COMPOSE: compose,
    GTS_TESTBED_HADOLINT: hadolint,
  };
  return { ...toolchain, env };
}
