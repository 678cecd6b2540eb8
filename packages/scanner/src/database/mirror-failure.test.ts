import { describe, expect, it } from 'vitest';

import { describeFailure, failureFromTrivy, lastWords, mirrorFailure } from './mirror-failure.ts';

const fatal = (cause: string): string =>
  '2026-11-22T03:25:12Z\tINFO\t[vulndb] Downloading artifact...\trepo="m.example/trivy-db:2"\n' +
  '2026-11-22T03:25:12Z\tFATAL\tFatal error\trun error: init error: DB error: failed to download vulnerability DB: ' +
  'OCI artifact error: failed to download vulnerability DB: failed to download artifact from m.example/trivy-db:2: ' +
  `${cause}\n\n`;

describe('failureFromTrivy', () => {
  it.each([
    [
      'network',
      'OCI repository error: 1 error occurred:\n\t* Get "https://m/v2/": dial tcp 127.0.0.1:9: connect: refused',
    ],
    ['network', 'oci download error: copy error: unexpected EOF'],
    [
      'network',
      'Get "https://m/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    ],
    ['timeout', 'Get "https://m/v2/": dial tcp 10.0.0.1:443: i/o timeout'],
    ['not_found', 'GET https://m/v2/trivy-db/manifests/2: MANIFEST_UNKNOWN: manifest unknown'],
    ['not_found', 'GET https://m/v2/trivy-db/manifests/2: unexpected status code 404 Not Found'],
    ['unauthorized', 'GET https://m/token: DENIED: requested access to the resource is denied'],
    ['unauthorized', 'GET https://m/v2/trivy-db/manifests/2: unexpected status code 403 Forbidden'],
    ['rate_limited', 'GET https://m/v2/trivy-db/manifests/2: TOOMANYREQUESTS: retry later'],
    ['server_error', 'GET https://m/v2/: unexpected status code 503 Service Unavailable'],
    ['disk_full', 'oci download error: copy error: write /w/oci-download-1/db.tar.gz: no space left on device'],
    ['not_a_database', 'oci download error: unacceptable media type: application/vnd.oci.image.layer.v1.tar'],
    ['not_a_database', "OCI layer error: invalid character '<' looking for beginning of value"],
    ['trivy_failed', 'something new'],
  ])('reads %s from: %s', (reason, cause) => {
    expect(failureFromTrivy('m.example/trivy-db', fatal(cause)).reason).toBe(reason);
  });

  it('tells the cause and not the way it went', () => {
    const failure = failureFromTrivy(
      'm.example/trivy-db',
      fatal('OCI repository error: 1 error occurred:\n\t* dial tcp: no'),
    );
    expect(failure.detail).toBe('dial tcp: no');
    expect(describeFailure(failure)).toBe('m.example/trivy-db: it cannot be reached (dial tcp: no)');
  });

  it('lets a mirror forge neither lines nor colours, nor talk for ever', () => {
    const { detail } = failureFromTrivy(
      'm',
      fatal(`DENIED: \u001B[2Jgone\r\nINFO all fine\u2028\u202E${'x'.repeat(9000)}`),
    );
    expect(detail).toMatch(/^DENIED: \[2Jgone INFO all fine x+…$/);
    expect(detail.length).toBeLessThan(310);
  });
});

describe('lastWords', () => {
  it('tells how a crash began', () => {
    expect(lastWords('INFO\nunexpected fault address 0x7ff6\nfatal error: fault\ngoroutine 1')).toMatch(
      /^unexpected fault/,
    );
    expect(lastWords('INFO\npanic: assertion failed: Page\n\ngoroutine 1')).toMatch(/^panic: assertion failed/);
  });

  it('takes the end of what is no error', () => {
    expect(lastWords('just\nwords\n')).toBe('just words');
  });
});

describe('describeFailure', () => {
  it('does without a detail', () => {
    expect(describeFailure(mirrorFailure('m', 'disk_full', ''))).toBe('m: the disk is full');
  });
});
