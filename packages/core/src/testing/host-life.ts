import type { Coverage } from '../model/scan-outcome.ts';
import type { Finding } from '../model/finding.ts';
import type { Severity } from '../model/severity.ts';
import { aFinding } from './builders.ts';
import type { SeededRandom } from './seeded-random.ts';

/** A package that stays itself whatever it is called; twins are always installed together. */
export interface LifePackage {
  readonly uid: number;
  readonly twin: number | null;
  readonly inPath: boolean;
}

interface LifeAdvisory {
  readonly cve: string;
  readonly uids: readonly number[];
  severity: Severity;
  fixed: string | null;
}

interface LifeImage {
  readonly id: string;
  /** What each package is called in it. */
  readonly names: ReadonlyMap<number, string>;
  coverage: Coverage;
}

/** A true finding, named by what it is of and not by its key. */
export interface TrueFinding {
  readonly truth: string;
  readonly finding: Finding;
}

const SEVERITIES: readonly Severity[] = ['LOW', 'MEDIUM', 'HIGH', 'HIGH', 'CRITICAL'];

/** A host that lives: what is on it, what is published of it, and so what is true of every reference. */
export class HostLife {
  readonly references = new Map<string, LifeImage>();
  generation = 1;
  readonly #random: SeededRandom;
  readonly #packages: LifePackage[] = [];
  #advisories: LifeAdvisory[] = [];
  #images = 0;
  #cves = 0;
  #renames = 0;
  /** What a finding's key stands for, over the whole life. */
  readonly truthOf = new Map<string, string>();

  constructor(random: SeededRandom) {
    this.#random = random;
    for (let uid = 0; uid < 12; uid += 1)
      this.#packages.push({ uid, twin: uid < 4 ? uid ^ 1 : null, inPath: uid >= 9 });
    for (let count = 0; count < 10; count += 1) this.publish();
    for (const reference of ['api:1', 'db:1', 'web:1']) this.references.set(reference, this.#build());
  }

  /** Everything that is true of an image, whatever a scan of it shows. */
  truthOfImage(image: LifeImage): TrueFinding[] {
    return this.#advisories.flatMap(({ cve, uids, severity, fixed }) =>
      uids.flatMap((uid) => {
        const name = image.names.get(uid);
        if (name === undefined) return [];
        const path = this.#packages[uid]?.inPath === true ? `opt/${name}.jar` : null;
        const finding = aFinding({ vulnerability: cve, package: name, path, severity, fixed });
        const truth = `${cve}/${uid}`;
        this.truthOf.set(finding.key, truth);
        return [{ truth, finding }];
      }),
    );
  }

  publish(): void {
    const { uid, twin } = this.#packages[this.#random.below(this.#packages.length)] ?? { uid: 0, twin: null };
    this.#cves += 1;
    this.#advisories.push({
      cve: `CVE-2026-${10_000 + this.#cves}`,
      uids: twin === null ? [uid] : [uid, twin],
      severity: this.#severity(),
      fixed: this.#random.chance(0.5) ? '2.0' : null,
    });
    this.generation += 1;
  }

  withdraw(): void {
    const gone = this.#random.pick(this.#advisories);
    this.#advisories = this.#advisories.filter((advisory) => advisory !== gone);
    this.generation += 1;
  }

  rate(): void {
    const advisory = this.#random.pick(this.#advisories);
    if (advisory !== undefined) advisory.severity = this.#severity();
    this.generation += 1;
  }

  fix(): void {
    const advisory = this.#random.pick(this.#advisories);
    if (advisory !== undefined) advisory.fixed = '2.0';
    this.generation += 1;
  }

  rebuildSame(reference: string): void {
    this.#replace(reference, (names) => names);
  }

  rebuildWithOthers(reference: string): void {
    this.references.set(reference, this.#build());
  }

  renamePackage(reference: string): void {
    this.#replace(reference, (names) => {
      const uid = this.#random.pick([...names.keys()].filter((named) => this.#packages[named]?.twin === null));
      this.#renames += 1;
      return uid === undefined ? names : new Map([...names, [uid, `package${uid}-${this.#renames}`]]);
    });
  }

  moveTag(reference: string): void {
    const image = this.#random.pick([...this.references.values()]);
    if (image !== undefined) this.references.set(reference, image);
  }

  endSupport(reference: string): void {
    const image = this.references.get(reference);
    if (image !== undefined) image.coverage = 'eol';
  }

  #replace(reference: string, change: (names: ReadonlyMap<number, string>) => ReadonlyMap<number, string>): void {
    const image = this.references.get(reference);
    if (image === undefined) return;
    this.#images += 1;
    this.references.set(reference, {
      id: `sha256:${this.#images}`,
      names: change(image.names),
      coverage: image.coverage,
    });
  }

  #build(): LifeImage {
    const uids = new Set<number>();
    for (const { uid, twin } of this.#packages) {
      if (twin !== null && twin < uid) {
        if (uids.has(twin)) uids.add(uid);
      } else if (this.#random.chance(0.6)) uids.add(uid);
    }
    this.#images += 1;
    return {
      id: `sha256:${this.#images}`,
      names: new Map([...uids].map((uid) => [uid, `package${uid}`])),
      coverage: 'full',
    };
  }

  #severity(): Severity {
    return this.#random.pick(SEVERITIES) ?? 'HIGH';
  }
}
