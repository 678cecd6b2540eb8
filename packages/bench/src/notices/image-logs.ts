import { countSeverities } from '@scanner/core';
import type { Finding, PassContext } from '@scanner/core';
import { renderImageLog } from '@scanner/report';

import { FINDINGS, IMAGES, measuredFindings, measuredReference } from './notices-content.ts';

const CONTEXT: PassContext = {
  started_at: '2026-11-22T02:00:00.000Z',
  trivy: { version: '0.74.0', db_updated_at: '2026-11-21T02:00:00.000Z', db_stale: false },
  filter: { severities: ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'UNKNOWN'], extra_args: [] },
};

/** Which images' logs lack findings of the changed pass, as sentences. */
export function logProblems(): string[] {
  return Array.from({ length: IMAGES }, (_, image) => image).flatMap((image) => {
    const findings = measuredFindings(image, 'changed');
    const missing = missingIn(logOf(image, findings), findings);
    return missing.length === 0
      ? []
      : [
          `The log of ${measuredReference(image)} lacks ${missing.length} of ${FINDINGS} findings, such as ${missing[0]}.`,
        ];
  });
}

/** Keys of findings that have no line of their own in a log; each vulnerability is in one package only. */
export function missingIn(log: string, findings: readonly Finding[]): string[] {
  const lines = new Map(log.split('\n').map((line) => [line.split('  ', 2).join(' '), line]));
  return findings
    .filter(({ severity, vulnerability, package: name }) => {
      const line = lines.get(`${severity} ${vulnerability}`);
      return line === undefined || !line.includes(name);
    })
    .map(({ key }) => key);
}

function logOf(image: number, findings: Finding[]): string {
  return renderImageLog(
    {
      id: null,
      references: [measuredReference(image)],
      source: 'docker',
      containers: [],
      status: 'complete',
      reason: null,
      coverage: 'full',
      reused: 'none',
      counts: countSeverities(findings),
      findings,
      baselines: [],
      log: null,
    },
    CONTEXT,
  );
}
