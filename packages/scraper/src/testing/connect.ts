import type { DockerHub } from '@scanner/testing';

import { DockerHubClient, type DockerHubClientOptions } from '../docker-hub-client.ts';
import { instantTiming } from './instant-timing.ts';

/** A client of the server that does not really wait. */
export const connect = (hub: Pick<DockerHub, 'url'>, options: DockerHubClientOptions = {}): DockerHubClient =>
  new DockerHubClient({ baseUrl: hub.url, timing: instantTiming(), ...options });

/** The paths that were asked for, without queries, since the given request. */
export const pathsAsked = (hub: Pick<DockerHub, 'requests'>, since = 0): string[] =>
  hub.requests.slice(since).map(({ path }) => path.replace(/\?.*/, ''));
