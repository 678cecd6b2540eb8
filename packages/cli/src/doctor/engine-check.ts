import { engineEndpoint } from '@scanner/app/host';
import type { Check } from '@scanner/core';
import { createDockerEngine } from '@scanner/scanner';

import { bad, type CheckParts, good } from './check.ts';

/** Whether the engine answers and lets us list its images. */
export const checkEngine = async ({ context, settings }: CheckParts): Promise<Check> => {
  try {
    const endpoint = await engineEndpoint(context, settings);
    const engine = createDockerEngine(endpoint, { log: context.console.log });
    const { name, engineVersion, apiVersion, store } = await engine.describe(context.signal);
    return good('docker', `${name} ${engineVersion} at ${endpoint.host}, API ${apiVersion}, ${store} image store`);
  } catch (error) {
    return bad('docker', error);
  }
};
