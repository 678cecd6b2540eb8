import { type ImageReport, type Severity, SEVERITIES } from '@scanner/core';

/** Whether any image is at or above the severity that the user will not have. */
export const gateHolds = (images: readonly ImageReport[], failOn: Severity | undefined): boolean =>
  failOn === undefined ||
  !images.some(({ findings }) =>
    findings.some(({ severity }) => SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(failOn)),
  );
