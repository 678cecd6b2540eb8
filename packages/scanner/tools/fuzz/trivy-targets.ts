import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ScannerError, silentLog } from '@scanner/core';
import { temporaryDirectory } from '@scanner/testing';
import { fuzzTarget, type FuzzTarget, mutatedBytes, mutatedJson, mutatedText } from '@scanner/testing/fuzz';
import fc from 'fast-check';

import { parseMetadata } from '../../src/database/metadata.ts';
import { judgeVersion } from '../../src/trivy-binary/trivy-version.ts';
import { dockerConfigCredentials } from '../../src/trivy/docker-config-credentials.ts';
import { contentsOf, layerContents } from '../../src/trivy/layer-contents.ts';
import { MatchAnswer, reportOf } from '../../src/trivy/match-answer.ts';
import { parseReport } from '../../src/trivy/read-report.ts';
import { findingsOf } from '../../src/trivy/report-findings.ts';
import { RespProtocolError, RespReader } from '../../src/trivy/resp-protocol.ts';

const REPORT = {
  SchemaVersion: 2,
  ArtifactName: 'web:1',
  Metadata: {
    OS: { Family: 'debian', Name: '12.5', EOSL: false },
    ImageID: `sha256:${'c'.repeat(64)}`,
    DiffIDs: [`sha256:${'0'.repeat(64)}`],
    RepoDigests: [`registry.example/web@sha256:${'d'.repeat(64)}`],
    ImageConfig: { os: 'linux', architecture: 'amd64' },
  },
  Results: [
    {
      Target: 'web:1 (debian 12.5)',
      Class: 'os-pkgs',
      Type: 'debian',
      Vulnerabilities: [
        {
          VulnerabilityID: 'CVE-2026-1000',
          PkgName: 'openssl',
          PkgIdentifier: { PURL: 'pkg:deb/debian/openssl@3.0.1-1?distro=debian-12.5' },
          InstalledVersion: '3.0.1-1',
          FixedVersion: '3.0.2-1',
          Status: 'fixed',
          Severity: 'HIGH',
          PrimaryURL: 'https://avd.aquasec.com/nvd/cve-2026-1000',
          Title: 'a flaw',
          VendorIDs: ['DSA-5417-1'],
        },
      ],
    },
    { Target: 'Node.js', Class: 'lang-pkgs', Type: 'node-pkg', Vulnerabilities: null },
  ],
};

const MATCHED = {
  os: { family: 'debian', name: '12.5', eosl: true },
  results: [
    {
      target: 'web:1',
      class: 'os-pkgs',
      type: 'debian',
      vulnerabilities: [
        { vulnerability_id: 'CVE-2026-1000', pkg_name: 'openssl', installed_version: '1', status: 3, severity: 'HIGH' },
        { vulnerability_id: 'CVE-2026-1000', pkg_name: 'openssl', installed_version: '1', fixed_version: '2' },
      ],
    },
  ],
};

const ANALYSIS = {
  SchemaVersion: 2,
  PackageInfos: [{ FilePath: 'var/lib/dpkg/status', Packages: [{ Name: 'openssl' }] }],
  Applications: [{ FilePath: 'app/package-lock.json', Type: 'npm', Packages: [{ Name: 'a' }] }],
  OpaqueDirs: ['app/', '/var/lib/dpkg/status.d/'],
  WhiteoutFiles: ['etc/os-release'],
  Repository: { Family: 'alpine', Release: '3.20' },
};

const DOCKER_CONFIG = {
  auths: {
    'https://index.docker.io/v1/': { auth: 'dXNlcjpwYXNz' },
    'registry.example': { username: 'user', password: 'pass' },
    'token.example': { identitytoken: 'abc' },
  },
  credsStore: '',
  currentContext: 'default',
};

const METADATA = {
  Version: 2,
  UpdatedAt: '2026-11-22T01:02:03Z',
  NextUpdate: '2026-11-23T01:02:03Z',
  DownloadedAt: null,
};

const isTold = (error: unknown): boolean => ScannerError.is(error) && error.code !== 'internal';

const readLogins = async (text: string): Promise<unknown> => {
  await using directory = await temporaryDirectory();
  const configFile = join(directory.path, 'config.json');
  await writeFile(configFile, text);
  const credentials = dockerConfigCredentials({ configFile, environment: {}, log: silentLog });
  return [
    await credentials.find('registry.example'),
    await credentials.find('docker.io'),
    await credentials.find('__proto__'),
  ];
};

const matched = (text: string): unknown => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  const answer = MatchAnswer.safeParse(json);
  if (!answer.success) return null;
  const options = { ignoredStatuses: new Set(['will_not_fix']) };
  return findingsOf(reportOf(answer.data, { ...NO_OPTIONS, ...options }));
};

const NO_OPTIONS = { packageTypes: ['os', 'library'], severitySources: [], ignoredStatuses: new Set<string>() };

const readReport = (text: string): unknown => {
  const read = parseReport(text);
  return 'report' in read ? findingsOf(read.report) : read;
};

const readAnalyses = (texts: readonly string[]): unknown =>
  contentsOf(
    texts.map((text) => {
      try {
        return layerContents(JSON.parse(text));
      } catch (error) {
        if (error instanceof SyntaxError) return layerContents(null);
        throw error;
      }
    }),
  );

const COMMANDS = [
  '*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$5\r\nvalue\r\n*1\r\n$4\r\nPING\r\n',
  '*2\r\n$4\r\nAUTH\r\n$8\r\npassword\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\n*0\r\n',
];

const readCommands = ({ bytes, step }: { bytes: Buffer; step: number }): unknown => {
  const reader = new RespReader({ argumentBytes: 10_000, argumentsPerCommand: 100 });
  const commands: Buffer[][] = [];
  for (let at = 0; at < bytes.length; at += step) {
    reader.push(bytes.subarray(at, at + step));
    for (let command = reader.next(); command !== undefined; command = reader.next()) commands.push(command);
  }
  return commands.length;
};

export const TRIVY_TARGETS: readonly FuzzTarget[] = [
  fuzzTarget({ name: "Trivy's report", inputs: mutatedJson([REPORT]), read: readReport, ofText: (text) => text }),
  fuzzTarget({
    name: "the answer of Trivy's server",
    inputs: mutatedJson([MATCHED]),
    read: matched,
    ofText: (text) => text,
  }),
  fuzzTarget({
    name: 'analyses of layers',
    inputs: fc.array(mutatedJson([ANALYSIS]), { maxLength: 5 }),
    read: readAnalyses,
    ofText: (text) => [text, JSON.stringify(ANALYSIS)],
  }),
  fuzzTarget({
    name: 'the protocol of the scan cache',
    inputs: fc.record({ bytes: mutatedBytes(COMMANDS), step: fc.integer({ min: 1, max: 100 }) }),
    read: readCommands,
    mayThrow: (error) => error instanceof RespProtocolError,
    ofText: (text) => ({ bytes: Buffer.from(text), step: 7 }),
  }),
  fuzzTarget({
    name: "Docker's configuration",
    inputs: mutatedJson([DOCKER_CONFIG]),
    read: readLogins,
    mayThrow: isTold,
    ofText: (text) => text,
  }),
  fuzzTarget({
    name: "a database's metadata",
    inputs: mutatedJson([METADATA]),
    read: parseMetadata,
    ofText: (text) => text,
  }),
  fuzzTarget({
    name: "Trivy's version",
    inputs: mutatedText(['0.74.0', 'v0.57.1-dev+abc', '0.69.4']),
    read: (text) => judgeVersion(text, 'here'),
    mayThrow: isTold,
    ofText: (text) => text,
  }),
];
