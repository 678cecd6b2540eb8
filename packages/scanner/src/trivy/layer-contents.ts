import { z } from 'zod';

/** A bad field costs the field. */
const list = z.array(z.unknown()).nullish().catch(null);
const text = z.string().nullish().catch(null);
const paths = z.array(z.string()).nullish().catch(null);

/** The part of a layer's analysis that says what there is to judge, and what of lower layers is gone. */
const Analysis = z.object({
  PackageInfos: z
    .array(z.object({ FilePath: text, Packages: list }))
    .nullish()
    .catch(null),
  Applications: z
    .array(z.object({ FilePath: text, Type: text, Packages: list, Libraries: list }))
    .nullish()
    .catch(null),
  OpaqueDirs: paths,
  WhiteoutFiles: paths,
  Repository: z.object({ Release: text }).nullish().catch(null),
});

/** Packages that a layer lists in one place. */
interface Listed {
  /** Where they are kept, as Trivy keeps them: below the path of the file. */
  readonly place: string;
  readonly what: 'system' | 'applications' | 'unjudged';
  /** What has none takes the place of what was there. */
  readonly isFilled: boolean;
}

/** What one layer adds and takes away. */
export interface LayerContents {
  readonly listed: readonly Listed[];
  /** Paths of files and directories that are gone, and of directories that nothing of lower layers is in. */
  readonly gone: readonly string[];
  /** Of its package repositories. */
  readonly repository: string | null;
}

/** What an image holds in the end. */
export interface Contents {
  readonly system: boolean;
  /** Whether a package database that a layer holds is gone in the end. */
  readonly databaseGone: boolean;
  readonly applications: boolean;
  /** Whether there are packages of a kind that Trivy lists and does not judge. */
  readonly unjudged: boolean;
  readonly repository: string | null;
}

/** Of these Trivy knows no advisories. */
const UNJUDGED: ReadonlySet<string> = new Set(['conda-pkg', 'conda-environment']);

/** Reads the analysis of one layer, as Trivy keeps it in the scan cache; what makes no sense holds nothing. */
export const layerContents = (analysis: unknown): LayerContents => {
  const layer = Analysis.safeParse(analysis).data;
  return {
    listed: [
      ...(layer?.PackageInfos ?? []).map(({ FilePath, Packages }): Listed => ({
        place: `${FilePath ?? ''}/type:ospkg`,
        what: 'system',
        isFilled: isFilled(Packages),
      })),
      ...(layer?.Applications ?? []).map(({ FilePath, Type, Packages, Libraries }): Listed => ({
        place: `${FilePath ?? ''}/type:${Type ?? ''}`,
        what: UNJUDGED.has(Type ?? '') ? 'unjudged' : 'applications',
        isFilled: isFilled(Packages) || isFilled(Libraries),
      })),
    ],
    gone: [...(layer?.OpaqueDirs ?? []).map((path) => path.replace(/\/$/, '')), ...(layer?.WhiteoutFiles ?? [])],
    repository: layer?.Repository?.Release ?? null,
  };
};

const isFilled = (items: readonly unknown[] | null | undefined): boolean => (items?.length ?? 0) > 0;

/** Whether what an image with this layer holds in the end takes more to tell than what each of its layers holds. */
export const isIntertwined = ({ listed, gone }: LayerContents): boolean =>
  gone.length > 0 || listed.some(({ what, isFilled }) => !isFilled || what === 'unjudged');

/** Puts layers together as Trivy does. @param layers base first */
export const contentsOf = (layers: readonly LayerContents[]): Contents => {
  const tree = new PlaceTree();
  const databases = new Databases(tree);
  for (const layer of layers) {
    for (const path of layer.gone) tree.delete(path);
    for (const listed of layer.listed) tree.set(listed);
    databases.follow(layer);
  }
  const held = new Set(tree.filled().map(({ what }) => what));
  return {
    system: held.has('system'),
    databaseGone: databases.isAnyGone(),
    applications: held.has('applications'),
    unjudged: held.has('unjudged'),
    repository: layers.findLast(({ repository }) => repository !== null)?.repository ?? null,
  };
};

type Node = Map<string, Node | Listed>;

/** Where packages are listed, by directories. */
class PlaceTree {
  readonly #root: Node = new Map();

  set(listed: Listed): void {
    const names = namesOf(listed.place);
    const last = names.pop() ?? '';
    let node = this.#root;
    for (const name of names) {
      const next = node.get(name);
      const below: Node = next instanceof Map ? next : new Map();
      node.set(name, below);
      node = below;
    }
    node.set(last, listed);
  }

  delete(path: string): void {
    const names = namesOf(path);
    const last = names.pop() ?? '';
    this.#nodeAt(names)?.delete(last);
  }

  /** Whether packages are listed there, or below. */
  isFilledAt(path: string): boolean {
    const names = namesOf(path);
    const last = names.pop() ?? '';
    const found = this.#nodeAt(names)?.get(last);
    return found instanceof Map ? filledBelow(found).length > 0 : (found?.isFilled ?? false);
  }

  filled(): Listed[] {
    return filledBelow(this.#root);
  }

  #nodeAt(names: readonly string[]): Node | undefined {
    let node: Node = this.#root;
    for (const name of names) {
      const next = node.get(name);
      if (!(next instanceof Map)) return undefined;
      node = next;
    }
    return node;
  }
}

const filledBelow = (top: Node): Listed[] => {
  const found: Listed[] = [];
  const nodes = [top];
  for (const node of nodes)
    for (const below of node.values())
      if (below instanceof Map) nodes.push(below);
      else if (below.isFilled) found.push(below);
  return found;
};

/** No file of Linux has a longer path: what has lies nowhere, and costs nothing. */
const LONGEST_PATH = 8192;

const namesOf = (path: string): string[] => (path.length > LONGEST_PATH ? [path] : path.replace(/^\//, '').split('/'));

/** Follows the system's package databases through the layers: one that is gone may have moved. */
class Databases {
  readonly #tree: PlaceTree;
  /** By where they lie, those that were there after the last layer. */
  readonly #there = new Set<string>();
  /** With what the layer that took them away has written in their place. */
  readonly #gone = new Map<string, readonly string[]>();

  constructor(tree: PlaceTree) {
    this.#tree = tree;
  }

  /** After the layer has been put onto the others. */
  follow({ listed, gone }: LayerContents): void {
    const written = [...new Set(listed.flatMap((one) => databaseOf(one) ?? []))];
    for (const database of written) {
      if (!this.#tree.isFilledAt(database)) continue;
      this.#there.add(database);
      this.#gone.delete(database);
    }
    if (gone.length === 0 && listed.every(({ isFilled }) => isFilled)) return;
    for (const database of this.#there) {
      if (this.#tree.isFilledAt(database)) continue;
      this.#there.delete(database);
      this.#gone.set(
        database,
        written.filter((other) => this.#there.has(other) && kindOf(other) === kindOf(database)),
      );
    }
  }

  isAnyGone(): boolean {
    return [...this.#gone.keys()].some((database) => !this.#isSomewhere(database, new Set()));
  }

  #isSomewhere(database: string, seen: Set<string>): boolean {
    if (this.#tree.isFilledAt(database)) return true;
    if (seen.has(database)) return false;
    seen.add(database);
    return (this.#gone.get(database) ?? []).some((successor) => this.#isSomewhere(successor, seen));
  }
}

/** A file for each package makes one database. */
const RECORDS = /^var\/lib\/dpkg\/status\.d(?=\/)/;

/** Null for a list of packages that is no package manager's. */
const databaseOf = ({ what, place }: Listed): string | null =>
  what === 'system' && kindOf(place) !== null ? (RECORDS.exec(place)?.[0] ?? place) : null;

const KINDS = [
  ['apk', /^(?:usr\/)?lib\/apk\//],
  ['dpkg', /^var\/lib\/dpkg\//],
  ['rpm', /^(?:var\/lib|usr\/lib\/sysimage|usr\/share)\/rpm(?:manifest)?\//],
  ['bottlerocket', /\/bottlerocket\/application-inventory\.json\//],
] as const;

/** Of which package manager it is. */
const kindOf = (place: string): string | null => KINDS.find(([, pattern]) => pattern.test(place))?.[0] ?? null;
