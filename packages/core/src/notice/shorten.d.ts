import { type ChangeGroup } from './change-groups.ts';
import type { NoticeCaps, NoticeGroup } from './notice.ts';
import type { PassImage } from './pass.ts';
/** What is left of a list, with how long it was. */
export interface CutList<Item> {
  items: Item[];
  total: number;
}
export declare const cutList: <Item>(items: readonly Item[], length: number) => CutList<Item>;
/** Shortens groups to what a reader can take in. `findings` is how many may be listed in all of them. */
export declare const shortenGroups: (
  groups: readonly ChangeGroup[],
  caps: NoticeCaps,
  findings: number,
) => CutList<NoticeGroup>;
export declare const listedFindings: (groups: CutList<NoticeGroup>) => number;
/** The references and what runs them, shortened. */
export declare const shortenReferences: (
  references: readonly string[],
  image: PassImage,
  caps: NoticeCaps,
) => Pick<NoticeGroup, 'references' | 'imageId' | 'containers'>;
export declare const shortenNames: (names: readonly string[], length: number, caps: NoticeCaps) => CutList<string>;
export declare const clip: (text: string, length: number) => string;
