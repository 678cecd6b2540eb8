import { createHash } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { parseOutsideJson, ScannerError } from '@scanner/core';
import { z } from 'zod';

import type { DockerEndpoint, DockerTls } from './docker-endpoint.ts';
import { parseDockerHost } from './docker-endpoint.ts';

/** The context that means "no context": the environment, then the default socket. */
export const DEFAULT_CONTEXT = 'default';

const ClientConfig = z.looseObject({ currentContext: z.string().optional() });
const ContextMeta = z.looseObject({
  Endpoints: z.looseObject({
    docker: z.looseObject({ Host: z.string(), SkipTLSVerify: z.boolean().optional() }),
  }),
});

/**
 * The context that `docker context use` chose, or `null` when there is no choice to be found.
 *
 * @throws ScannerError `setting_invalid` when the file is there and is not the Docker CLI's: another engine than the
 * chosen one must not be scanned by mistake
 */
export const readCurrentContext = async (configDir: string): Promise<string | null> => {
  const file = join(configDir, 'config.json');
  const text = await readOptional(file);
  if (text === null || text.trim() === '') return null;
  const { currentContext } = parseJson(ClientConfig, text, file);
  return currentContext === undefined || currentContext === '' ? null : currentContext;
};

/** The engine that a context names, with the TLS files kept for it. */
export const readContext = async (configDir: string, name: string): Promise<DockerEndpoint> => {
  const directory = createHash('sha256').update(name).digest('hex');
  const file = join(configDir, 'contexts', 'meta', directory, 'meta.json');
  const text = await readOptional(file);
  if (text === null) throw noSuchContext(name, file);
  const { Host, SkipTLSVerify } = parseJson(ContextMeta, text, file).Endpoints.docker;
  const tls = await findTls(join(configDir, 'contexts', 'tls', directory, 'docker'), SkipTLSVerify !== true);
  return parseDockerHost(Host, tls, `context ${name}`);
};

/** The TLS files in a directory; `null` when it holds none of them. */
export const findTls = async (directory: string, verify: boolean): Promise<DockerTls | null> => {
  const [ca, cert, key] = await Promise.all(
    ['ca.pem', 'cert.pem', 'key.pem'].map((name) => existing(join(directory, name))),
  );
  return ca || cert || key ? { ca: ca ?? null, cert: cert ?? null, key: key ?? null, verify } : null;
};

const existing = async (file: string): Promise<string | null> => {
  try {
    await access(file);
    return file;
  } catch {
    return null;
  }
};

/** The Docker CLI, too, goes on without a configuration that is missing or not its own to read. */
const UNREADABLE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM']);

const readOptional = async (file: string): Promise<string | null> => {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && UNREADABLE.has(String(error.code))) return null;
    throw brokenFile(file, error);
  }
};

const parseJson = <Schema extends z.ZodType>(schema: Schema, text: string, file: string): z.infer<Schema> => {
  try {
    return schema.parse(parseOutsideJson(text));
  } catch (error) {
    throw brokenFile(file, error);
  }
};

const brokenFile = (file: string, cause: unknown): ScannerError =>
  new ScannerError(`${file} cannot be read as the Docker CLI's`, {
    code: 'setting_invalid',
    hint: 'correct or remove the file, or name the engine with --docker-host',
    cause,
  });

const noSuchContext = (name: string, file: string): ScannerError =>
  new ScannerError(`there is no Docker context ${JSON.stringify(name)}: ${file} cannot be read`, {
    code: 'setting_invalid',
    hint: 'choose one that `docker context ls` lists, or name the engine with --docker-host',
  });
