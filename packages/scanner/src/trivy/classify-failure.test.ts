import type { FailureCode, ScanSubject } from '@scanner/core';
import { describe, expect, test } from 'vitest';

import { classifyFailure, lastFatalText } from './classify-failure.ts';
import type { Retry } from './failure-texts.ts';
import type { ProcessEnd } from './run-process.ts';

const ended = (given: Partial<ProcessEnd>): ProcessEnd => ({
  exitCode: 1,
  signal: null,
  stopped: null,
  stderr: '',
  startError: null,
  ...given,
});

const fatal = (text: string): string =>
  `2026-11-22T03:35:44Z\tINFO\tLoaded\tfile_path="/dev/null"\n2026-11-22T03:35:44Z\tFATAL\tFatal error\t${text}\n`;

const SCAN = 'run error: image scan error: scan error: ';
const OPEN = `${SCAN}unable to initialize a scan service: unable to initialize artifact: `;
const IMAGE = `${OPEN}unable to initialize container image: `;
const REMOTE = `${IMAGE}unable to find the specified image "r/x:1" in ["remote"]: 1 error occurred:\n\t* remote error: GET http://r/v2/x/manifests/1: `;
const DOCKER = `${IMAGE}unable to find the specified image "x:1" in ["docker"]: 1 error occurred:\n\t* docker error: unable to inspect the image (x:1): `;
const ARCHIVE = `${OPEN}unable to initialize archive image: 2 errors occurred:\n\t* `;
const ANALYSIS = `${SCAN}scan failed: failed analysis: analyze error: pipeline error: `;
const DATABASE = 'run error: init error: DB error: ';

type Row = readonly [FailureCode, Retry, boolean, ScanSubject['source'], string];

const ROWS: readonly Row[] = [
  [
    'corrupt',
    'once',
    false,
    'remote',
    `${ANALYSIS}failed to analyze layer (sha256:1): unable to get uncompressed layer sha256:1: failed to get the layer content (sha256:1): GET http://r/v2/x/blobs/sha256:2: Content-Length header 441 does not match expected size 451`,
  ],
  [
    'network',
    'never',
    false,
    'remote',
    `${IMAGE}unable to find the specified image "r/x:1" in ["remote"]: 1 error occurred:\n\t* remote error: Get "https://r/v2/": http: server gave HTTP response to HTTPS client`,
  ],
  [
    'network',
    'never',
    false,
    'remote',
    `${IMAGE}unable to find the specified image "r/x:1" in ["remote"]: 1 error occurred:\n\t* remote error: Get "https://r/v2/": tls: first record does not look like a TLS handshake`,
  ],
  [
    'network',
    'never',
    false,
    'remote',
    `${IMAGE}unable to find the specified image "r/x:1" in ["remote"]: 1 error occurred:\n\t* remote error: Get "https://r/v2/": Proxy Authentication Required`,
  ],
  [
    'network',
    'backoff',
    false,
    'remote',
    `${IMAGE}unable to find the specified image "r/x:1" in ["remote"]: 1 error occurred:\n\t* remote error: Get "https://r/v2/": proxyconnect tcp: dial tcp 127.0.0.1:1: connect: connection refused`,
  ],
  [
    'network',
    'backoff',
    false,
    'remote',
    `${IMAGE}unable to find the specified image "r/x:1" in ["remote"]: 1 error occurred:\n\t* remote error: unexpected EOF\n\n`,
  ],
  [
    'network',
    'backoff',
    false,
    'remote',
    `${SCAN}scan failed: failed analysis: unable to get the image ID: unable to get the image ID: unexpected EOF`,
  ],
  [
    'not_found',
    'never',
    false,
    'docker',
    `${DOCKER}Error response from daemon: no such image: x:1: No such image: x:1`,
  ],
  [
    'engine_unreachable',
    'never',
    true,
    'docker',
    `${DOCKER}failed to connect to the docker API at unix:///d.sock; check if the path is correct and if the daemon is running: dial unix /d.sock: connect: no such file or directory`,
  ],
  [
    'engine_unreachable',
    'never',
    true,
    'docker',
    `${DOCKER}Cannot connect to the Docker daemon at tcp://127.0.0.1:1. Is the docker daemon running?`,
  ],
  [
    'engine_forbidden',
    'never',
    true,
    'docker',
    `${DOCKER}permission denied while trying to connect to the docker API at unix:///var/run/docker.sock`,
  ],
  [
    'bad_reference',
    'never',
    false,
    'remote',
    `${IMAGE}failed to parse the image name: could not parse reference: a/B:1`,
  ],
  ['not_found', 'never', false, 'remote', `${REMOTE}MANIFEST_UNKNOWN: manifest unknown`],
  ['not_found', 'never', false, 'remote', `${REMOTE}NAME_UNKNOWN: repository name not known to registry`],
  ['not_found', 'never', false, 'remote', `${REMOTE}unexpected status code 404 Not Found: oops`],
  ['unauthorized', 'never', false, 'remote', `${REMOTE}UNAUTHORIZED: authentication required`],
  ['unauthorized', 'never', false, 'remote', `${REMOTE}DENIED: requested access to the resource is denied`],
  ['unauthorized', 'never', false, 'remote', `${REMOTE}unexpected status code 401 Unauthorized: oops`],
  ['unauthorized', 'never', false, 'remote', `${REMOTE}unexpected status code 403 Forbidden: oops`],
  ['rate_limited', 'never', false, 'remote', `${REMOTE}TOOMANYREQUESTS: You have reached your pull rate limit.`],
  ['rate_limited', 'never', false, 'remote', `${REMOTE}unexpected status code 429 Too Many Requests: oops`],
  ['registry_error', 'backoff', false, 'remote', `${REMOTE}unexpected status code 503 Service Unavailable: oops`],
  ['registry_error', 'backoff', false, 'remote', `${REMOTE}UNAVAILABLE: m UNAVAILABLE`],
  [
    'network',
    'backoff',
    false,
    'remote',
    `${REMOTE}Get "http://r/v2/": dial tcp 127.0.0.1:1: connect: connection refused`,
  ],
  [
    'network',
    'backoff',
    false,
    'remote',
    `${REMOTE}Get "https://r/v2/": dial tcp: lookup r on 127.0.0.53:53: no such host`,
  ],
  ['network', 'backoff', false, 'remote', `${REMOTE}Get "http://r/v2/x/manifests/1": EOF`],
  ['network', 'backoff', false, 'remote', `${REMOTE}read tcp 10.0.0.1:5->10.0.0.2:443: read: connection reset by peer`],
  [
    'network',
    'never',
    false,
    'remote',
    `${REMOTE}Get "https://r/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority`,
  ],
  ['no_such_platform', 'never', false, 'remote', `${REMOTE}no child with platform linux/s390x in index r/x:1`],
  [
    'not_an_image',
    'never',
    false,
    'remote',
    `${REMOTE}unsupported artifact type "application/vnd.cncf.helm.chart.v1" for image "r/x:1"`,
  ],
  [
    'not_an_image',
    'never',
    false,
    'remote',
    `${SCAN}scan failed: failed analysis: unable to get the image ID: unable to get the image ID: invalid character '<' looking for beginning of value`,
  ],
  [
    'corrupt',
    'once',
    false,
    'remote',
    `${ANALYSIS}failed to analyze layer (sha256:1): walk error: failed to extract the archive: flate: corrupt input before offset 5`,
  ],
  [
    'corrupt',
    'once',
    false,
    'archive',
    `${ANALYSIS}failed to analyze layer (sha256:1): walk error: failed to extract the archive: archive/tar: invalid tar header`,
  ],
  [
    'corrupt',
    'once',
    false,
    'remote',
    `${ANALYSIS}failed to analyze layer (sha256:1): walk error: failed to extract the archive: unexpected EOF`,
  ],
  [
    'corrupt',
    'never',
    false,
    'archive',
    `${ARCHIVE}unable to open half.tar as a Docker image: unexpected EOF\n\t* unable to open half.tar as an OCI Image: stat half.tar/index.json: not a directory`,
  ],
  [
    'not_an_image',
    'never',
    false,
    'archive',
    `${ARCHIVE}unable to open dir as a Docker image: read dir: is a directory\n\t* unable to open dir as an OCI Image: stat dir/index.json: no such file or directory`,
  ],
  [
    'not_found',
    'never',
    false,
    'archive',
    `${ARCHIVE}unable to open a.tar as a Docker image: unable to open the file: open a.tar: no such file or directory\n\t* unable to open a.tar as an OCI Image: stat a.tar/index.json: no such file or directory`,
  ],
  ['timeout', 'never', false, 'remote', `${ANALYSIS}context deadline exceeded`],
  [
    'cache_unavailable',
    'once',
    false,
    'docker',
    `${ANALYSIS}failed to store layer: sha256:1 in cache: unable to store blob information in Redis cache (sha256:1): dial tcp 127.0.0.1:1: connect: connection refused`,
  ],
  [
    'cache_unavailable',
    'once',
    false,
    'docker',
    `${OPEN}unable to initialize cache: unable to initialize fs cache: cache may be in use by another process: timeout`,
  ],
  [
    'database_missing',
    'never',
    true,
    'docker',
    `${DATABASE}database error: --skip-db-update cannot be specified on the first run`,
  ],
  [
    'database_missing',
    'never',
    true,
    'docker',
    `${DATABASE}database error: validate error: --skip-db-update cannot be specified with the old DB schema. Local DB: 1, Expected: 2`,
  ],
  [
    'database_missing',
    'never',
    true,
    'docker',
    `${DATABASE}database error: the version of DB schema doesn't match. Local DB: 3, Expected: 2`,
  ],
  [
    'database_corrupt',
    'never',
    true,
    'docker',
    `${DATABASE}error in vulnerability DB initialize: failed to open db: invalid database`,
  ],
  [
    'database_corrupt',
    'never',
    true,
    'docker',
    `${DATABASE}error in vulnerability DB initialize: failed to open db: write /c/db/trivy.db: bad file descriptor`,
  ],
  [
    'java_db_missing',
    'without_java',
    false,
    'docker',
    `${ANALYSIS}failed to analyze layer (sha256:1): post analysis error: post analysis error: Unable to initialize the Java DB: Java DB update failed: '--skip-java-db-update' cannot be specified on the first run`,
  ],
  [
    'no_advisories',
    'without_system',
    false,
    'archive',
    'run error: image scan error: scan error: scan failed: failed to detect vulnerabilities: unable to scan OS packages: failed vulnerability detection of OS packages: failed detection: redhat vulnerability detection error: failed to get Red Hat advisories: unable to find CPE indices. See https://github.com/aquasecurity/trivy-db/issues/435 for details',
  ],
  [
    'disk_full',
    'alone',
    false,
    'docker',
    `${ANALYSIS}unable to get uncompressed layer: failed to copy the image: write /t/docker-export-1: no space left on device`,
  ],
  ['unknown', 'never', false, 'docker', 'unknown flag: --bogus'],
];

describe('classifyFailure', () => {
  test.each(ROWS)(
    'finds %s (retry %s, blocks %s) in the words of a scan from %s',
    (code, retry, blocks, source, text) => {
      const verdict = classifyFailure(ended({ stderr: fatal(text) }), source);
      expect(verdict).toMatchObject({ failure: { code }, retry, blocks });
      expect(verdict.failure.message).toMatch(/^[^\n\t]+$/);
      expect(verdict.failure.message.length).toBeLessThan(400);
    },
  );

  test('tells an image that is too large', () => {
    const stderr =
      '2026-11-22T03:35:51Z\tFATAL\tError\tuncompressed layers size 10.2kB exceeds maximum allowed size 1kB\n';
    expect(classifyFailure(ended({ stderr }), 'docker').failure.code).toBe('too_large');
  });

  test('believes its own kill before any text', () => {
    const stderr = fatal(`${ANALYSIS}terminated signal received`);
    expect(classifyFailure(ended({ stopped: 'deadline', stderr }), 'remote').failure.code).toBe('timeout');
    expect(classifyFailure(ended({ stopped: 'aborted', stderr }), 'remote').failure.code).toBe('interrupted');
    expect(classifyFailure(ended({ stopped: 'output_limit' }), 'remote').failure.code).toBe('output_limit');
  });

  test('takes a kill by others for want of memory', () => {
    const killed = ended({ exitCode: null, signal: 'SIGKILL' });
    expect(classifyFailure(killed, 'docker')).toMatchObject({ failure: { code: 'out_of_memory' }, retry: 'alone' });
    const crashed = ended({ exitCode: 2, stderr: 'fatal error: runtime: out of memory\n\ngoroutine 1:\n' });
    expect(classifyFailure(crashed, 'docker')).toMatchObject({ failure: { code: 'out_of_memory' }, retry: 'alone' });
  });

  test('tells a crash over the database from any other', () => {
    const trace = (at: string): string =>
      `panic: assertion failed: Page expected to be: 4\n\ngoroutine 1 [running]:\n${at}\n`;
    expect(
      classifyFailure(ended({ exitCode: 2, stderr: trace('go.etcd.io/bbolt.(*Tx).page(0x0)') }), 'docker'),
    ).toMatchObject({ failure: { code: 'database_corrupt' }, blocks: true });
    expect(classifyFailure(ended({ exitCode: 2, stderr: trace('example.org/jar.Parse()') }), 'docker')).toMatchObject({
      failure: { code: 'crashed' },
      retry: 'once',
      blocks: false,
    });
  });

  test('stops everything when Trivy cannot be started', () => {
    const verdict = classifyFailure(ended({ exitCode: null, startError: 'EACCES' }), 'docker');
    expect(verdict).toMatchObject({ failure: { code: 'crashed' }, blocks: true });
    expect(classifyFailure(ended({ startError: 'EAGAIN' }), 'docker')).toMatchObject({ retry: 'alone', blocks: false });
  });

  test('lets no content of an image stop the others by its words', () => {
    const forged = `${ANALYSIS}failed to analyze evil: docker error: failed to connect to the docker API; init error: DB error: failed to open db`;
    expect(classifyFailure(ended({ stderr: fatal(forged) }), 'docker').blocks).toBe(false);
  });

  test('shows neither secrets nor control characters', () => {
    const text = 'odd: redis://scan-1:s3cret@127.0.0.1:1 https://r/v2/?token=s3cret \u001B[2J\u202Eevil';
    const { message } = classifyFailure(ended({ stderr: fatal(text) }), 'remote').failure;
    expect(message).not.toContain('s3cret');
    expect(message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

test('the last fatal text counts, with the lines that belong to it', () => {
  expect(lastFatalText(`${fatal('first')}${fatal('second:\n\t* inner')}`)).toBe('second:\n\t* inner');
  expect(lastFatalText('no fatal line')).toBeNull();
});
