import { type KnownFinding, parseFindingKey } from '../comparison/known-finding.ts';
import type { KnownSide } from '../comparison/sides.ts';
import type { Baseline } from './baseline.ts';

/** What people know who know a baseline and nothing since. */
export const knownOfBaseline = (baseline: Baseline): KnownSide => ({
  findings: baseline.findings.flatMap((accepted) => {
    const identity = parseFindingKey(accepted.key);
    if (identity === null) return [];
    const known: KnownFinding = {
      key: accepted.key,
      vulnerability: identity.vulnerability,
      package: identity.packagePart === null ? null : (accepted.package ?? identity.packagePart),
      path: identity.path,
      installed: null,
      fixed: accepted.fixed,
      severity: accepted.severity,
      url: null,
      accepted: true,
      since: accepted.since,
      expires: accepted.expires,
      outside: false,
      foundWith: null,
    };
    return [known];
  }),
  coverage: baseline.coverage,
  circumstances: {
    imageId: baseline.image_id,
    databaseGeneration: null,
    trivyVersion: null,
    filter: baseline.filter,
  },
  unlisted: null,
});
