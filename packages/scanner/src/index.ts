export { openTrivyScanner } from './trivy/open-trivy-scanner.ts';
export type { ScanDatabase, TrivyScannerOptions } from './trivy/open-trivy-scanner.ts';
export type { RegistryCredentials, RegistryLogin } from './trivy/registry-credentials.ts';
export { sharesDatabase } from './trivy/command.ts';
export type { TrivyScanner } from './trivy/trivy-scanner.ts';
export type { ConvertFormat, ConvertRequest } from './trivy/trivy-runner.ts';
