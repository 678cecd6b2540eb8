import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { HostScanDocument } from '@scanner/core';
import { type DatabaseGeneration, type Engine, placeDatabase, realTrivy, type SmtpServer } from '@scanner/testing';
import PostalMime, { type Email } from 'postal-mime';

import { type Environment, type GtsUser, gtsUser } from './gts.ts';
import { readDocument } from './schemas.ts';

interface EndedPass {
  readonly exitCode: number | null;
  readonly stderr: string;
  readonly document: HostScanDocument;
}

/** A host whose notices are mailed to somebody who reads them. */
export interface NoticedHost extends AsyncDisposable {
  readonly user: GtsUser;
  /** Makes the next pass use this generation. */
  useDatabase(generation: DatabaseGeneration): Promise<void>;
  /** A pass that comes to its end. */
  pass(args?: readonly string[], environment?: Environment): Promise<EndedPass>;
  summary(): Promise<string>;
}

/** Puts a generation where one without a way to any mirror would put it, and starts with the first. */
export const noticedHost = async (
  engine: Engine,
  smtp: Pick<SmtpServer, 'port'>,
  environment: Environment = {},
): Promise<NoticedHost> => {
  const user = await gtsUser({
    TRIVY_PATH: await realTrivy(),
    TRIVY_SKIP_DB_UPDATE: '1',
    TRIVY_SEVERITY: 'UNKNOWN,LOW,MEDIUM,HIGH,CRITICAL',
    DOCKER_HOST: engine.dockerHost,
    SMTP_HOST: '127.0.0.1',
    SMTP_PORT: String(smtp.port),
    SMTP_FROM: 'scanner@example.org',
    SMTP_TO: 'ops@example.org',
    ...environment,
  });
  const useDatabase = (generation: DatabaseGeneration): Promise<void> =>
    placeDatabase(join(user.directory, 'cache'), generation);
  await useDatabase(1);
  return {
    user,
    useDatabase,
    pass: async (args = [], more = {}) => {
      const { exitCode, stderr, stdout } = await user.gts(['host', 'scan', '--json', ...args], more);
      return { exitCode, stderr, document: await readDocument(HostScanDocument, stdout) };
    },
    summary: () => readFile(join(user.directory, 'logs', 'scan-summary.log'), 'utf8'),
    [Symbol.asyncDispose]: () => user[Symbol.asyncDispose](),
  };
};

/** Reads a mail that has come in, by a parser of other people. */
export const readMail = async (smtp: Pick<SmtpServer, 'mails'>, index = smtp.mails.length - 1): Promise<Email> => {
  const mail = smtp.mails[index];
  if (mail === undefined) throw new Error(`no mail ${index + 1} of ${smtp.mails.length}`);
  return PostalMime.parse(mail.raw);
};
