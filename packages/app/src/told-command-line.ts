import { SETTING_NAMES, SETTINGS } from '@scanner/core/config';

const SECRET_FLAGS: readonly string[] = SETTING_NAMES.flatMap((name) => {
  const { flag, secret } = SETTINGS[name];
  return secret && flag !== null ? [flag] : [];
});

const MASK = '***';

/** How a program was called, for messages and for the one who waits for it: without the values of secrets. */
export const toldCommandLine = (program: string, argv: readonly string[]): string =>
  [program, ...argv.map((word, index) => (isSecretFlag(argv[index - 1]) ? MASK : withoutSecret(word)))].join(' ');

const isSecretFlag = (word: string | undefined): boolean => word !== undefined && SECRET_FLAGS.includes(word);

const withoutSecret = (word: string): string => {
  const flag = SECRET_FLAGS.find((flag) => word.startsWith(`${flag}=`));
  return flag === undefined ? word : `${flag}=${MASK}`;
};
