import type { Finding } from '../../src/model/finding.ts';
import type { HostImage } from '../../src/model/image.ts';
import type { Severity } from '../../src/model/severity.ts';
import { aFinding } from '../../src/testing/builders.ts';
import type { SeededRandom } from '../../src/testing/seeded-random.ts';

/** A package that stays itself whatever it is called; twins are always installed together. */
interface LifePackage {
  readonly uid: number;
  readonly twin: number | null;
  /** It lies in an archive that only the Java database can judge. */
  readonly inJar: boolean;
}

/** A vulnerability, whatever it is called now. */
interface LifeAdvisory {
  readonly number: number;
  readonly uids: readonly number[];
  /** The ID that it goes by, and the other one that its reports state; it has no other until it got one. */
  id: string;
  alias: string | null;
  severity: Severity;
  status: string;
}

export interface LifeImage {
  readonly content: string;
  /** As the engine calls it; another store has another. */
  id: string;
  /** What each package is called in it. */
  readonly names: ReadonlyMap<number, string>;
  ended: boolean;
}

/** A true finding, named by what it is of and not by its key. */
export interface TrueFinding {
  readonly truth: string;
  readonly finding: Finding;
}

const SEVERITIES: readonly Severity[] = ['LOW', 'MEDIUM', 'HIGH', 'HIGH', 'CRITICAL'];
const STATUSES = ['affected', 'fixed', 'fixed', 'will_not_fix'] as const;
const JARS = 9;
const PACKAGES = 12;

/** A host that lives: what is on it, what is published of it, and so what is true of every image. */
export class HostLife {
  readonly tags = new Map<string, LifeImage>();
  /** Which image a container was made from: it runs it, whatever its tag stands for now. */
  readonly containers = new Map<string, LifeImage>();
  generation = 1;
  javaDatabase = true;
  /** What a finding's key stands for, over the whole life. */
  readonly truthOf = new Map<string, string>();
  readonly #random: SeededRandom;
  readonly #packages: LifePackage[] = [];
  #advisories: LifeAdvisory[] = [];
  #withdrawn: LifeAdvisory[] = [];
  #count = 0;
  #builds = 1;

  constructor(random: SeededRandom) {
    this.#random = random;
    for (let uid = 0; uid < PACKAGES; uid += 1)
      this.#packages.push({ uid, twin: uid < 4 ? uid ^ 1 : null, inJar: uid >= JARS });
    for (let count = 0; count < 10; count += 1) this.publish();
    for (const reference of ['api:1', 'db:1', 'web:1', 'shop:build-1']) this.deploy(reference, this.#build());
  }

  /** The images that an engine would list: tags, and what a container still runs after its tag moved on. */
  listed(): { readonly image: LifeImage; readonly host: HostImage }[] {
    const images = new Set([...this.tags.values(), ...this.containers.values()]);
    return [...images].map((image) => {
      const named = [...this.tags].flatMap(([reference, tagged]) => (tagged === image ? [reference] : [])).toSorted();
      const users = [...this.containers].flatMap(([name, used]) => (used === image ? [name] : []));
      return {
        image,
        host: {
          id: image.id,
          references: named.length > 0 ? named : [image.id],
          tagged: named.length > 0,
          containers: users.map((name) => ({ name, state: 'running', composeProject: null })),
          platform: 'linux/amd64',
          layers: [image.content],
          sizeBytes: 1,
        },
      };
    });
  }

  /** Everything that is true of an image, whatever a scan of it shows. */
  truthOfImage(image: LifeImage): TrueFinding[] {
    return this.#advisories.flatMap(({ number, id, alias, uids, severity, status }) =>
      uids.flatMap((uid) => {
        const name = image.names.get(uid);
        if (name === undefined) return [];
        const path = this.#packages[uid]?.inJar === true ? `opt/${name}.jar` : null;
        const fixed = status === 'fixed' ? '2.0' : null;
        const named = alias === null ? {} : { aliases: [alias] };
        const finding = aFinding({ vulnerability: id, package: name, path, severity, fixed, status, ...named });
        const truth = `${number}/${uid}`;
        this.truthOf.set(finding.key, truth);
        return [{ truth, finding }];
      }),
    );
  }

  isInJar(truth: string): boolean {
    return Number(truth.split('/')[1]) >= JARS;
  }

  publish(): void {
    const { uid, twin } = this.#packages[this.#random.below(this.#packages.length)] ?? { uid: 0, twin: null };
    this.#count += 1;
    const late = this.#random.chance(0.4);
    this.#advisories.push({
      number: this.#count,
      id: late ? `GHSA-${this.#count}` : `CVE-2026-${10_000 + this.#count}`,
      alias: null,
      uids: twin === null ? [uid] : [uid, twin],
      severity: this.#severity(),
      status: this.#status(),
    });
    this.generation += 1;
  }

  withdraw(): void {
    const gone = this.#random.pick(this.#advisories);
    if (gone === undefined) return;
    this.#advisories = this.#advisories.filter((advisory) => advisory !== gone);
    this.#withdrawn.push(gone);
    this.generation += 1;
  }

  /** What was withdrawn is published again, as it was or worse. */
  restore(): void {
    const back = this.#random.pick(this.#withdrawn);
    if (back === undefined) return;
    this.#withdrawn = this.#withdrawn.filter((advisory) => advisory !== back);
    if (this.#random.chance(0.3)) back.severity = this.#severity();
    this.#advisories.push(back);
    this.generation += 1;
  }

  rate(): void {
    const advisory = this.#random.pick(this.#advisories);
    if (advisory !== undefined) advisory.severity = this.#severity();
    this.generation += 1;
  }

  /** A fix is there, or it was withdrawn, or there will be none. */
  changeStatus(): void {
    const advisory = this.#random.pick(this.#advisories);
    if (advisory !== undefined) advisory.status = this.#status();
    this.generation += 1;
  }

  /** An advisory gets its CVE, or is filed under the other of its names again. */
  renameAdvisory(): void {
    const advisory = this.#random.pick(this.#advisories);
    if (advisory === undefined) return;
    const other = advisory.alias ?? `CVE-2026-${20_000 + advisory.number}`;
    advisory.alias = advisory.id;
    advisory.id = other;
    this.generation += 1;
  }

  /** Another store of the engine: the same contents under other IDs. */
  moveStore(): void {
    this.#builds += 1;
    for (const { image } of this.listed()) image.id = `sha256:${this.#builds}-${image.content}`;
  }

  rebuildSame(reference: string): void {
    this.#replace(reference, (names) => names);
  }

  rebuildWithOthers(reference: string): void {
    this.#move(reference, this.#build());
  }

  renamePackage(reference: string): void {
    this.#replace(reference, (names) => {
      const uid = this.#random.pick([...names.keys()].filter((named) => this.#packages[named]?.twin === null));
      this.#count += 1;
      return uid === undefined ? names : new Map([...names, [uid, `package${uid}-${this.#count}`]]);
    });
  }

  /** A second name for an image that is there. */
  nameAgain(reference: string, image: LifeImage): void {
    if (!this.tags.has(reference)) this.tags.set(reference, image);
  }

  untag(reference: string): void {
    this.tags.delete(reference);
  }

  /** The next build takes the place of the one before, which goes now, later or never. */
  nextBuild(): void {
    const last = [...this.tags.keys()].findLast((reference) => reference.startsWith('shop:'));
    const before = last === undefined ? undefined : this.tags.get(last);
    this.#builds += 1;
    const next = before !== undefined && this.#random.chance(0.6) ? this.#like(before, before.names) : this.#build();
    const reference = `shop:build-${this.#builds}`;
    if (this.#random.chance(0.8)) this.deploy(reference, next);
    else this.tags.set(reference, next);
    if (last !== undefined && this.#random.chance(0.7)) this.tags.delete(last);
  }

  endSupport(image: LifeImage): void {
    image.ended = true;
  }

  /** Gives an image a name and runs it under the name of its repository. */
  deploy(reference: string, image: LifeImage): void {
    this.tags.set(reference, image);
    this.containers.set(reference.split(':', 1)[0] ?? reference, image);
  }

  /** Makes the container anew from what its tag stands for. */
  recreate(reference: string): void {
    const image = this.tags.get(reference);
    if (image !== undefined) this.containers.set(reference.split(':', 1)[0] ?? reference, image);
  }

  #replace(reference: string, change: (names: ReadonlyMap<number, string>) => ReadonlyMap<number, string>): void {
    const image = this.tags.get(reference);
    if (image !== undefined) this.#move(reference, this.#like(image, change(image.names)));
  }

  /** Where nobody pulls anew, a container runs on with the image that its tag has left. */
  #move(reference: string, image: LifeImage): void {
    this.tags.set(reference, image);
    if (this.#random.chance(0.6)) this.recreate(reference);
  }

  #like({ ended }: LifeImage, names: ReadonlyMap<number, string>): LifeImage {
    this.#builds += 1;
    return { content: `content-${this.#builds}`, id: `sha256:${this.#builds}`, names, ended };
  }

  #build(): LifeImage {
    const uids = new Set<number>();
    for (const { uid, twin } of this.#packages) {
      if (twin !== null && twin < uid) {
        if (uids.has(twin)) uids.add(uid);
      } else if (this.#random.chance(0.6)) uids.add(uid);
    }
    const names = new Map([...uids].map((uid) => [uid, `package${uid}`]));
    return this.#like({ content: '', id: '', names, ended: false }, names);
  }

  #severity(): Severity {
    return this.#random.pick(SEVERITIES) ?? 'HIGH';
  }

  #status(): string {
    return this.#random.pick(STATUSES) ?? 'affected';
  }
}
