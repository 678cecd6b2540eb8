import { parseReference } from '@scanner/core';

const HOST = 'docker.io';

/** Whether it can be the name of a namespace. */
export const isNamespace = (text: string): boolean => isPath(`${text}/any`) && !text.includes('/');

/** Whether it can be the name of a repository within a namespace. */
export const isRepositoryName = (namespace: string, name: string): boolean =>
  isPath(`${namespace}/${name}`) && !name.includes('/');

const isPath = (path: string): boolean => {
  const parsed = parseReference(`${HOST}/${path}`);
  return parsed.ok && parsed.reference.path === path;
};
