export { openTrivyScanner } from './trivy/open-trivy-scanner.ts';
export type { ScanDatabase, TrivyScannerOptions } from './trivy/open-trivy-scanner.ts';
export type { RegistryCredentials, RegistryLogin } from './trivy/registry-credentials.ts';
export { sharesDatabase } from './trivy/command.ts';
export type { TrivyScanner } from './trivy/trivy-scanner.ts';
export type { ConvertFormat, ConvertRequest } from './trivy/trivy-runner.ts';

export { createDockerEngine } from './docker-engine/docker-engine.ts';
export type { DockerEngine, DockerEngineOptions, EngineDescription } from './docker-engine/docker-engine.ts';
export type { DockerEndpoint, DockerEndpointOrigin, DockerTls } from './docker-engine/docker-endpoint.ts';
export { resolveDockerHost } from './docker-engine/docker-host.ts';
export type { DockerHostQuestion } from './docker-engine/docker-host.ts';

export { installTrivy, locateTrivy, PINNED_TRIVY_VERSION } from './trivy-binary/index.ts';
export type {
  DownloadDeadlines,
  InstallOptions,
  InstallProgress,
  LocateOptions,
  TrivyBinary,
} from './trivy-binary/index.ts';
