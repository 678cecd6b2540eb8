import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the part of V8's heap in which objects are made as small as it is. It would grow to a hundred megabytes where
 * many findings are read and dropped again, and buffers that nobody needs any more wait there as long as it is not full.
 */
export const keepYoungHeapSmall = (): void => setFlagsFromString('--semi-space-growth-factor=1');
