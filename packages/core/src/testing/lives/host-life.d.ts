import type { Finding } from '../../model/finding.ts';
import type { HostImage } from '../../model/image.ts';
import type { SeededRandom } from '../seeded-random.ts';
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
/** A host that lives: what is on it, what is published of it, and so what is true of every image. */
export declare class HostLife {
  #private;
  readonly tags: Map<string, LifeImage>;
  /** Which image a container was made from: it runs it, whatever its tag stands for now. */
  readonly containers: Map<string, LifeImage>;
  generation: number;
  javaDatabase: boolean;
  /** What a finding's key stands for, over the whole life. */
  readonly truthOf: Map<string, string>;
  constructor(random: SeededRandom);
  /** The images that an engine would list: tags, and what a container still runs after its tag moved on. */
  listed(): {
    readonly image: LifeImage;
    readonly host: HostImage;
  }[];
  /** Everything that is true of an image, whatever a scan of it shows. */
  truthOfImage(image: LifeImage): TrueFinding[];
  isInJar(truth: string): boolean;
  publish(): void;
  withdraw(): void;
  /** What was withdrawn is published again, as it was or worse. */
  restore(): void;
  rate(): void;
  /** A fix is there, or it was withdrawn, or there will be none. */
  changeStatus(): void;
  /** An advisory gets its CVE, or is filed under the other of its names again. */
  renameAdvisory(): void;
  /** Another store of the engine: the same contents under other IDs. */
  moveStore(): void;
  rebuildSame(reference: string): void;
  rebuildWithOthers(reference: string): void;
  renamePackage(reference: string): void;
  /** A second name for an image that is there. */
  nameAgain(reference: string, image: LifeImage): void;
  untag(reference: string): void;
  /** The next build takes the place of the one before, which goes now, later or never. */
  nextBuild(): void;
  endSupport(image: LifeImage): void;
  /** Gives an image a name and runs it under the name of its repository. */
  deploy(reference: string, image: LifeImage): void;
  /** Makes the container anew from what its tag stands for. */
  recreate(reference: string): void;
}
