import { readFile } from 'node:fs/promises';

import addFormats from 'ajv-formats';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

const SCHEMAS = new URL('../../../core/schemas/', import.meta.url);

/** One of the documents of `@scanner/core`, such as `HostScanDocument`. */
interface DocumentModel<Document> {
  parse(value: unknown): Document;
}

const ajv = new Ajv2020({ allErrors: true, strict: false });
addFormats.default(ajv);
const validators = new Map<string, ValidateFunction>();

/**
 * Reads what a command with `--json` has written to stdout: one document and nothing else, held against the shipped JSON
 * Schema that it names.
 *
 * @throws Error that says what is wrong
 */
export const readDocument = async <Document>(model: DocumentModel<Document>, stdout: string): Promise<Document> => {
  const value: unknown = parse(stdout);
  const name = schemaNameOf(value);
  const validate = await validatorOf(name);
  if (!validate(value)) throw new Error(`not a ${name}: ${ajv.errorsText(validate.errors)}\n${stdout}`);
  return asDocument(model, value, stdout);
};

const asDocument = <Document>(model: DocumentModel<Document>, value: unknown, stdout: string): Document => {
  try {
    return model.parse(value);
  } catch (cause) {
    throw new Error(`not the document that was expected:\n${stdout}`, { cause });
  }
};

const parse = (stdout: string): unknown => {
  try {
    return JSON.parse(stdout);
  } catch (cause) {
    throw new Error(`stdout is not one JSON document:\n${stdout}`, { cause });
  }
};

const schemaNameOf = (value: unknown): string => {
  if (typeof value === 'object' && value !== null && 'schema' in value && typeof value.schema === 'string')
    return value.schema;
  throw new Error(`the document names no schema: ${JSON.stringify(value)}`);
};

const validatorOf = async (name: string): Promise<ValidateFunction> => {
  const known = validators.get(name);
  if (known !== undefined) return known;
  const file = new URL(`${name.replace('/', '.')}.schema.json`, SCHEMAS);
  const schema: unknown = JSON.parse(await readFile(file, 'utf8'));
  if (typeof schema !== 'object' || schema === null) throw new Error(`${file.pathname} holds no schema`);
  const validate = ajv.compile(schema);
  validators.set(name, validate);
  return validate;
};
