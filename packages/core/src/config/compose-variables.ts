/** One variable that `docker/compose.yaml` is filled in with. */
export interface ComposeVariable {
  readonly name: string;
  readonly description: string;
  /** What counts where nobody sets it. */
  readonly default: string;
  readonly example: string;
}

/** Everything in the compose files that can be set and is no setting of the daemon. */
export const COMPOSE_VARIABLES: readonly ComposeVariable[] = [
  {
    name: 'COMPOSE_PROJECT_NAME',
    description: 'Name of the Compose project that the container belongs to.',
    default:
      'image-scanner; with --env-file, and in Compose 1, the name of a directory unless -p image-scanner is given',
    example: 'image-scanner',
  },
  {
    name: 'SCANNER_DIR',
    description:
      'Directory of this host’s data, which is mounted into the container. gts host reads it from the environment only, because this file is in that directory.',
    default: '../security, as seen from compose.yaml',
    example: '/srv/security',
  },
  {
    name: 'SCANNER_UID',
    description: 'User ID that the daemon runs as. It must be able to write to SCANNER_DIR.',
    default: '0; with gts host the owner of the directory',
    example: '1000',
  },
  {
    name: 'SCANNER_GID',
    description: 'Group ID that the daemon runs as.',
    default: '0; with gts host the group of the directory',
    example: '1000',
  },
  {
    name: 'DOCKER_GID',
    description: 'Group ID of the Docker socket: stat -c %g /var/run/docker.sock.',
    default: '0; with gts host the group of the socket',
    example: '999',
  },
  {
    name: 'DOCKER_SOCKET',
    description: 'Socket of the Docker engine whose images are scanned.',
    default: '/var/run/docker.sock; with gts host the one that Docker uses',
    example: '/run/user/1000/docker.sock',
  },
  {
    name: 'SCAN_RESTART',
    description: 'Restart policy of the container.',
    default: 'unless-stopped',
    example: 'no',
  },
  {
    name: 'SCANNER_IMAGE',
    description: 'Name of the image that is built and run.',
    default: 'image-scanner:local',
    example: 'registry.example.org/tools/image-scanner:1',
  },
  {
    name: 'TRIVY_VERSION',
    description: 'Release of Trivy that the image is built with, with or without v.',
    default: 'the pinned one',
    example: 'v0.74.0',
  },
  {
    name: 'TRIVY_IMAGE',
    description: 'Image to copy Trivy from, instead of downloading and verifying its release.',
    default: 'trivy-release, a stage of the Dockerfile',
    example: 'registry.example.org/aquasec/trivy:0.74.0',
  },
  {
    name: 'NODE_IMAGE',
    description: 'Base image that the daemon is built on; its Node runs the daemon.',
    default: 'node of Docker Hub, by digest',
    example: 'registry.example.org/library/node:24-bookworm-slim',
  },
  {
    name: 'RUNTIME_IMAGE',
    description: 'Base image of the final image: system libraries for Node, certificates and time zones.',
    default: 'cc-debian13 of distroless, by digest',
    example: 'registry.example.org/distroless/cc-debian13',
  },
  {
    name: 'SOCKET_PROXY_IMAGE',
    description: 'Image of the proxy of compose.socket-proxy.yaml.',
    default: 'tecnativa/docker-socket-proxy, by digest',
    example: 'registry.example.org/tecnativa/docker-socket-proxy:v0.4.2',
  },
  {
    name: 'SOCKET_PROXY_CONTAINERS',
    description:
      'Set to 1 to let /containers through the socket proxy, so that reports name the containers that use an image. This also gives access to their logs and files.',
    default: '0',
    example: '1',
  },
];
