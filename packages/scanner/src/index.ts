export { openTrivyScanner } from './trivy/open-trivy-scanner.ts';
export type { Measuring, TrivyScannerOptions } from './trivy/open-trivy-scanner.ts';
export { identityOf } from './trivy/scan-database.ts';
export type { DatabaseFiles, ScanDatabase } from './trivy/scan-database.ts';
export type { ObtainJava } from './trivy/java-supply.ts';
export type { RegistryCredentials, RegistryLogin } from './trivy/registry-credentials.ts';
export { sharesDatabase } from './trivy/command.ts';
export type { ScanImageOptions, TrivyScanner } from './trivy/trivy-scanner.ts';
export type { ConvertFormat, ConvertRequest } from './trivy/trivy-runner.ts';

export { installTrivy, locateTrivy, PINNED_TRIVY_VERSION } from './trivy-binary/index.ts';
export type {
  DownloadDeadlines,
  InstallOptions,
  InstallProgress,
  LocateOptions,
  TrivyBinary,
} from './trivy-binary/index.ts';
export { sweepSessions } from './trivy/session-sweep.ts';
export type { SweptSessions } from './trivy/session-sweep.ts';
export { dockerConfigCredentials } from './trivy/docker-config-credentials.ts';
export type { DockerConfigCredentialsOptions } from './trivy/docker-config-credentials.ts';

export { findIgzip } from './image-export/find-igzip.ts';
export type { ImageExport } from './image-export/image-export.ts';
export { createDockerEngine } from './docker-engine/docker-engine.ts';
export { CheckedImages } from './trivy/checked-images.ts';
export type { DockerEngine, DockerEngineOptions, EngineDescription } from './docker-engine/docker-engine.ts';
export type { DockerEndpoint, DockerEndpointOrigin, DockerTls } from './docker-engine/docker-endpoint.ts';
export type { ServiceContainer, SoughtService } from './docker-engine/service-container.ts';
export { ServiceContainers } from './docker-engine/service-containers.ts';
export { resolveDockerHost } from './docker-engine/docker-host.ts';
export type { DockerHostQuestion } from './docker-engine/docker-host.ts';

export { DEFAULT_JAVA_REPOSITORIES, DEFAULT_REPOSITORIES } from './database/database-kind.ts';
export type { DatabaseGeneration } from './database/generation.ts';
export type { DatabaseUpdate, UpdateProgress, UpdateRequest } from './database/kept-database.ts';
export type { DownloadLimits } from './database/mirror-download.ts';
export { VulnerabilityDatabase } from './database/vulnerability-database.ts';
export type { JavaDatabaseUpdate, VulnerabilityDatabaseOptions } from './database/vulnerability-database.ts';

export { createManifestDigests } from './registry/create-manifest-digests.ts';
export type { ManifestDigestsOptions } from './registry/create-manifest-digests.ts';
export type { RegistryDeadlines } from './registry/registry-client.ts';
