import type { PassImage } from './pass.ts';
import type { ReferenceState } from './told-state.ts';

/** Most that is remembered of who used an image. */
const MOST_USERS = 64;
const LONGEST_NAME = 256;

/** What ran an image, by the names that stay when it is replaced: of containers, and `project/service` of Compose. */
export type Users = Pick<ReferenceState, 'containers' | 'services'>;

/** Who uses an image now. */
export const usersOf = ({ containers }: Pick<PassImage, 'containers'>): Users => ({
  containers: (containers ?? []).map(({ name }) => bounded(name)),
  services: (containers ?? []).flatMap(({ compose_project: project, compose_service: service }) =>
    typeof project === 'string' && typeof service === 'string' ? [bounded(`${project}/${service}`)] : [],
  ),
});

/** Whether a container or service of one is one of the other. */
export const shareUser = (a: Users, b: Users): boolean =>
  a.containers.some((name) => b.containers.includes(name)) || a.services.some((name) => b.services.includes(name));

/** Who used each image last: a container or service that runs another one now is not remembered with the one before. */
export class LastUsers {
  readonly #containers: ReadonlySet<string>;
  readonly #services: ReadonlySet<string>;

  constructor(images: readonly Pick<PassImage, 'containers'>[]) {
    const users = images.map(usersOf);
    this.#containers = new Set(users.flatMap(({ containers }) => containers));
    this.#services = new Set(users.flatMap(({ services }) => services));
  }

  /** @param now nobody, where the reference is not in the pass */
  of(before: Users, now: Users): Users {
    return {
      containers: last(before.containers, now.containers, this.#containers),
      services: last(before.services, now.services, this.#services),
    };
  }
}

const last = (before: readonly string[], now: readonly string[], anywhere: ReadonlySet<string>): string[] =>
  [...new Set([...now, ...before.filter((name) => !anywhere.has(name))])].slice(0, MOST_USERS);

const bounded = (name: string): string => name.slice(0, LONGEST_NAME);
