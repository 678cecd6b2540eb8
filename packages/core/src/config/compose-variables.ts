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
    description: 'Name of the project, by which Compose tells its containers from others.',
    default:
      'image-scanner; with --env-file, and in Compose 1, the name of a directory unless -p image-scanner is given',
    example: 'image-scanner',
  },
  {
    name: 'SCANNER_DIR',
    description:
      'Directory of this host’s data, which is mounted. Taken from the environment only by gts host, since this file lies in it.',
    default: '../security, as seen from compose.yaml',
    example: '/srv/security',
  },
  {
    name: 'SCANNER_UID',
    description: 'User ID that the daemon runs as; it has to be able to write in the directory above.',
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
    description: 'Group that may use the socket: stat -c %g /var/run/docker.sock.',
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
    description: 'When Docker starts the daemon again.',
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
    description: 'Image that Trivy is taken from, instead of downloading and verifying its release.',
    default: 'trivy-release, a stage of the Dockerfile',
    example: 'registry.example.org/aquasec/trivy:0.74.0',
  },
  {
    name: 'NODE_IMAGE',
    description: 'Image that the daemon is built on, and whose Node runs it.',
    default: 'node of Docker Hub, by digest',
    example: 'registry.example.org/library/node:24-bookworm-slim',
  },
  {
    name: 'RUNTIME_IMAGE',
    description: 'Image that the daemon’s stands on: what Node needs of a system, certificates and time zones.',
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
      'With 1 that proxy lets /containers through, so that reports name the containers that use an image. It lets their logs and files through as well.',
    default: '0',
    example: '1',
  },
];
