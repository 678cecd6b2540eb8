import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

import { Ajv, type AnySchemaObject } from 'ajv';
import addFormats from 'ajv-formats';
import { z } from 'zod';

const OWN = new URL('../fixtures/schemas/', import.meta.url);
const require = createRequire(import.meta.url);
const CYCLONEDX = new URL('res/schema/', pathToFileURL(require.resolve('@cyclonedx/cyclonedx-library/package.json')));

/** A SARIF log, as far as the tests look at it. */
export const Sarif = z.looseObject({
  runs: z.array(
    z.looseObject({
      automationDetails: z.object({ id: z.string() }),
      invocations: z
        .array(
          z.object({
            executionSuccessful: z.boolean(),
            toolExecutionNotifications: z.array(
              z.object({ level: z.string(), message: z.object({ text: z.string() }) }),
            ),
          }),
        )
        .optional(),
      results: z.array(
        z.looseObject({
          ruleId: z.string(),
          suppressions: z.array(z.object({ justification: z.string() })).optional(),
        }),
      ),
    }),
  ),
});

/** A CycloneDX bill of materials, as far as the tests look at it. */
export const CycloneDx = z.looseObject({
  specVersion: z.string().regex(/^1\.\d$/),
  components: z.array(z.looseObject({ name: z.string(), version: z.string().optional(), purl: z.string().optional() })),
  vulnerabilities: z.array(z.looseObject({ id: z.string() })).optional(),
});

/** An SPDX document, as far as the tests look at it. */
export const Spdx = z.looseObject({
  spdxVersion: z.literal('SPDX-2.3'),
  packages: z.array(z.looseObject({ name: z.string(), versionInfo: z.string().optional() })),
});

/** Reads a SARIF log that the schema of SARIF 2.1.0 accepts. */
export const readSarif = async (text: string): Promise<z.infer<typeof Sarif>> =>
  Sarif.parse(await held(text, 'SARIF', [new URL('sarif-2.1.0.schema.json', OWN)]));

/** Reads an SPDX document that the schema of SPDX 2.3 accepts. */
export const readSpdx = async (text: string): Promise<z.infer<typeof Spdx>> =>
  Spdx.parse(await held(text, 'SPDX', [new URL('spdx-2.3.schema.json', OWN)]));

/** Reads a bill of materials that the schema of the CycloneDX version it states accepts. */
export const readCycloneDx = async (text: string): Promise<z.infer<typeof CycloneDx>> => {
  const { specVersion } = CycloneDx.parse(JSON.parse(text));
  const names = [`bom-${specVersion}`, 'spdx', 'jsf-0.82', 'cryptography-defs'];
  const files = names.map((name) => new URL(`${name}.SNAPSHOT.schema.json`, CYCLONEDX));
  return CycloneDx.parse(await held(text, `CycloneDX ${specVersion}`, files));
};

/** The first schema is the document's; the others are what it refers to. */
const held = async (text: string, what: string, files: readonly URL[]): Promise<unknown> => {
  const ajv = new Ajv({
    strict: false,
    unicodeRegExp: false,
    formats: { 'iri-reference': true, 'idn-email': true },
  });
  addFormats.default(ajv);
  const [schema = {}, ...others] = await Promise.all(files.map(readSchema));
  for (const other of others) ajv.addSchema(other);
  const validate = ajv.compile(schema);
  const value: unknown = JSON.parse(text);
  if (!validate(value)) throw new Error(`not ${what}: ${ajv.errorsText(validate.errors)}`);
  return value;
};

/** The schema of SARIF is written in draft 4, of which it uses nothing that means something else in draft 7. */
const readSchema = async (file: URL): Promise<AnySchemaObject> => {
  const {
    id: _id,
    $schema: _draft,
    ...schema
  } = z.record(z.string(), z.unknown()).parse(JSON.parse(await readFile(file, 'utf8')));
  return typeof schema['$id'] === 'string' ? { ...schema, $id: `file:///${file.pathname.split('/').at(-1)}` } : schema;
};
