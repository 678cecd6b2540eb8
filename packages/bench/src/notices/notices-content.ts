import { acceptScan, findingKey, SEVERITIES } from '@scanner/core';
import type { Baseline, Finding, Pass, PassImage, Severity } from '@scanner/core';

export const IMAGES = 40;
export const FINDINGS = 5000;
/** Of each kind in each image: what is new, gone, worse, and has a fix now. */
export const CHANGES_OF_A_KIND = 13;
export const CHANGES = 4 * CHANGES_OF_A_KIND * IMAGES;

const ACCEPTED_AT = '2026-11-21T02:00:00.000Z';
const CHANGED_AT = '2026-11-22T02:00:00.000Z';
const FILTER = { severities: [...SEVERITIES], extra_args: [] };

type Generation = 'accepted' | 'changed';

export function measuredReference(image: number): string {
  return `registry.example.org/group-${image % 5}/service-${String(image).padStart(2, '0')}:stable`;
}

/** Everything that was accepted, by reference. */
export function acceptedBaselines(): ReadonlyMap<string, Baseline> {
  return new Map(
    imageNumbers().map((image) => {
      const reference = measuredReference(image);
      const scan = { coverage: 'full', databaseStale: false, filter: FILTER } as const;
      const findings = measuredFindings(image, 'accepted');
      return [
        reference,
        acceptScan({ ...scan, reference, imageId: imageId(image, 'accepted'), findings }, { at: ACCEPTED_AT }),
      ];
    }),
  );
}

/** The pass that found what is accepted, or the one after it, in which all images were built anew. */
export function measuredPass(generation: Generation, baselines: ReadonlyMap<string, Baseline>): Pass {
  return {
    at: generation === 'accepted' ? ACCEPTED_AT : CHANGED_AT,
    images: imageNumbers().map((image) => measuredImage(image, generation)),
    scanner: {
      trivyVersion: '0.74.0',
      databaseGeneration: generation,
      databaseUpdatedAt: ACCEPTED_AT,
      databaseStale: false,
    },
    filter: FILTER,
    baselines,
    unreadableBaselines: new Set(),
    trouble: null,
    interrupted: false,
  };
}

/**
 * Numbered from 0 they are what was accepted. Of the changed ones the first few are gone and as many new ones are there;
 * of those that stay, the first few are worse and the next have a fix.
 */
export function measuredFindings(image: number, generation: Generation): Finding[] {
  const first = generation === 'accepted' ? 0 : CHANGES_OF_A_KIND;
  return Array.from({ length: FINDINGS }, (_, index) => measuredFinding(image, first + index, generation));
}

function measuredImage(image: number, generation: Generation): PassImage {
  return {
    id: imageId(image, generation),
    references: [measuredReference(image)],
    containers: [{ name: `service-${image}-1`, state: 'running', compose_project: `project-${image % 5}` }],
    outcome: {
      status: 'complete',
      coverage: 'full',
      findings: measuredFindings(image, generation),
      matched: true,
    },
  };
}

function measuredFinding(image: number, number: number, generation: Generation): Finding {
  const vulnerability = `CVE-2026-${10_000 + image * 2 * FINDINGS + number}`;
  const name = `library-${number % 700}-common`;
  const path = number % 3 === 0 ? `usr/lib/service/node_modules/${name}/package.json` : null;
  const installed = `1.${number % 31}.${image}-2+deb12u1`;
  const kind = path === null ? 'deb/debian' : 'npm';
  return {
    key: findingKey({ vulnerability, package: { purl: `pkg:${kind}/${name}@${installed}` }, path }),
    vulnerability,
    package: name,
    path,
    installed,
    ...judgementOf(number, generation),
    title: `${name}: something that can overflow in a function that is called from outside, number ${number}`,
    url: `https://avd.aquasec.com/nvd/${vulnerability.toLowerCase()}`,
  };
}

function judgementOf(number: number, generation: Generation): Pick<Finding, 'severity' | 'fixed' | 'status'> {
  const kind = Math.floor(number / CHANGES_OF_A_KIND);
  const isMended = kind === 2 && generation === 'changed';
  const isFixed = isMended || (kind !== 2 && number % 2 === 0);
  return {
    severity: kind === 1 ? (generation === 'changed' ? 'CRITICAL' : 'MEDIUM') : commonSeverity(number),
    fixed: isFixed ? `1.${number % 31}.99-2+deb12u2` : null,
    status: isFixed ? 'fixed' : 'affected',
  };
}

function commonSeverity(number: number): Severity {
  return SEVERITIES[number % SEVERITIES.length] ?? 'UNKNOWN';
}

function imageId(image: number, generation: Generation): string {
  return `sha256:${Buffer.from(`${generation}-${image}`).toString('hex').padStart(64, '0')}`;
}

function imageNumbers(): number[] {
  return Array.from({ length: IMAGES }, (_, image) => image);
}
