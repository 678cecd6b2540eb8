import { packageVersion } from '@scanner/app';

export const version = (): string => packageVersion(new URL('../package.json', import.meta.url));
