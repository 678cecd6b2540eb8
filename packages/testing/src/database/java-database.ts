import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gzipSync } from 'node:zlib';

import { tarOf } from '../images/layer.ts';
import { namelessJar } from '../images/package-databases.ts';
import { publishArtifact } from '../registry/publish-artifact.ts';
import type { Registry } from '../registry/registry.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { databaseMetadata } from './vulnerability-database.ts';
import type { DatabaseTimes } from './vulnerability-database.ts';

const SCHEMA_VERSION = 1;
const ARTIFACT_TYPE = 'application/vnd.aquasec.trivy.config.v1+json';
const LAYER_MEDIA_TYPE = 'application/vnd.aquasec.trivy.javadb.layer.v1.tar+gzip';

const SCHEMA = `
  CREATE TABLE artifacts(id INTEGER PRIMARY KEY, group_id TEXT, artifact_id TEXT);
  CREATE TABLE indices(artifact_id INTEGER, version TEXT, sha1 BLOB, archive_type TEXT,
    FOREIGN KEY (artifact_id) REFERENCES artifacts(id));
  CREATE UNIQUE INDEX artifacts_idx ON artifacts(artifact_id, group_id);
  CREATE INDEX indices_artifact_idx ON indices(artifact_id);
  CREATE UNIQUE INDEX indices_sha1_idx ON indices(sha1);
`;

/** `javadb.tar.gz` as it is published. It knows one jar, the nameless one, as `org.example:nameless` 1.0.0. */
export async function javaDatabaseArchive(times: DatabaseTimes): Promise<Buffer> {
  await using directory = await temporaryDirectory();
  const path = join(directory.path, 'trivy-java.db');
  writeJavaDatabase(path);
  const metadata = { ...databaseMetadata(times), Version: SCHEMA_VERSION };
  const files = { 'metadata.json': JSON.stringify(metadata), 'trivy-java.db': await readFile(path) };
  return gzipSync(await tarOf(files));
}

/** Pushes the Java database as `trivy-java-db:1`, built now unless told, and returns the digest of the manifest. */
export async function publishJavaDatabase(
  registry: Registry,
  times: DatabaseTimes = { updatedAt: new Date() },
): Promise<string> {
  return publishArtifact(registry, 'trivy-java-db', String(SCHEMA_VERSION), {
    artifactType: ARTIFACT_TYPE,
    layerMediaType: LAYER_MEDIA_TYPE,
    title: 'javadb.tar.gz',
    contents: await javaDatabaseArchive(times),
  });
}

/** Value for `--java-db-repository` once the Java database has been published. */
export function javaDatabaseRepository(registry: Pick<Registry, 'host'>): string {
  return `${registry.host}/trivy-java-db`;
}

function writeJavaDatabase(path: string): void {
  const database = new DatabaseSync(path);
  try {
    database.exec(SCHEMA);
    database.prepare('INSERT INTO artifacts VALUES (1, ?, ?)').run('org.example', 'nameless');
    const sha1 = createHash('sha1').update(namelessJar()).digest();
    database.prepare('INSERT INTO indices VALUES (1, ?, ?, ?)').run('1.0.0', sha1, 'jar');
  } finally {
    database.close();
  }
}
