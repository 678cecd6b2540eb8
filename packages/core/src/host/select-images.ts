import type { ImageReport } from '../documents/host-scan-document.ts';
import type { HostImage, UnreadableImage } from '../model/image.ts';
import type { ImageListing } from '../ports/image-source.ts';
import { type ImagePattern, matchImage } from './image-pattern.ts';
import { failedReport, hostSubject, skippedReport } from './image-report.ts';

/** Which of a host's images a pass is about. */
export interface ImageSelection {
  /** Only what one of these matches; empty: everything. */
  readonly only: readonly ImagePattern[];
  /** References to leave out, whatever else names them. */
  readonly ignore: readonly ImagePattern[];
  /** Whether images without a tag are scanned though no container uses them and nothing names them. */
  readonly untagged: boolean;
}

export interface SelectedImages {
  /** With the references that are not ignored. */
  readonly toScan: readonly HostImage[];
  /** As wanted as those, and not to be had. */
  readonly unreadable: readonly UnreadableImage[];
  /** Skipped ones with their reason, and what was asked for and is not there. */
  readonly leftOut: readonly ImageReport[];
}

/** Decides for each image whether it is scanned, and says why where it is not. */
export const selectImages = (listing: ListedImages, selection: ImageSelection): SelectedImages => {
  const images = sort(listing.images, selection);
  const unreadable = sort(listing.unreadable ?? [], selection);
  return {
    toScan: images.wanted,
    unreadable: unreadable.wanted,
    leftOut: [
      ...[...images.leftOut, ...unreadable.leftOut],
      ...notFound([...listing.images, ...(listing.unreadable ?? [])], selection.only),
    ],
  };
};

type ListedImages = Pick<ImageListing, 'images' | 'unreadable'>;

const sort = <Image extends HostImage | UnreadableImage>(
  images: readonly Image[],
  selection: ImageSelection,
): { readonly wanted: readonly Image[]; readonly leftOut: readonly ImageReport[] } => {
  const wanted: Image[] = [];
  const leftOut: ImageReport[] = [];
  for (const image of images) {
    const named = selection.only.some((pattern) => isNamed(image, pattern));
    if (selection.only.length > 0 && !named) continue;
    const references = notIgnored(image, selection.ignore);
    if (references.length === 0) leftOut.push(skippedReport(hostSubject(image), IGNORED));
    else if (image.tagged || named || selection.untagged || isUsed(image)) wanted.push({ ...image, references });
    else leftOut.push(skippedReport(hostSubject(image), UNTAGGED));
  }
  return { wanted, leftOut };
};

/** Whether an image of that name would be looked at if the host had it. */
export const coversReference = ({ only, ignore }: ImageSelection, reference: string): boolean => {
  const named = { id: '', references: [reference] };
  const matches = (pattern: ImagePattern): boolean => matchImage(pattern, named).length > 0;
  return (only.length === 0 || only.some(matches)) && !ignore.some(matches);
};

/** By a name that counts, or by one of those beyond. */
const isNamed = (image: HostImage | UnreadableImage, pattern: ImagePattern): boolean => {
  const { id, references, furtherNames = [] } = image;
  return matchImage(pattern, { id: id ?? '', references: [...references, ...furtherNames] }).length > 0;
};

const notIgnored = (image: HostImage | UnreadableImage, ignore: readonly ImagePattern[]): string[] => {
  const { id, references } = image;
  const ignored = new Set(ignore.flatMap((pattern) => matchImage(pattern, { id: id ?? '', references })));
  return image.references.filter((reference) => !ignored.has(reference));
};

const isUsed = ({ containers }: Pick<HostImage, 'containers'>): boolean => containers !== null && containers.length > 0;

const notFound = (images: readonly (HostImage | UnreadableImage)[], only: readonly ImagePattern[]): ImageReport[] =>
  only
    .filter((pattern) => !images.some((image) => isNamed(image, pattern)))
    .map(({ text }) =>
      failedReport(
        { id: null, references: [text], source: 'docker', containers: null },
        { code: 'not_found', message: 'no image of this engine matches it' },
      ),
    );

const IGNORED = { code: 'ignored', message: 'the ignore list names every reference of it' } as const;
const UNTAGGED = { code: 'untagged', message: 'it has no tag and no container uses it' } as const;
