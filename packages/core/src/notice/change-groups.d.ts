import { type KnownFinding } from '../comparison/known-finding.ts';
import { type Severity } from '../model/severity.ts';
import type { ReferenceDecision } from './decide-reference.ts';
import type { NoticeFinding } from './notice.ts';
import type { PassImage } from './pass.ts';
export declare const GROUP_LISTS: readonly ['new', 'severityRaised', 'resolved', 'fixAvailable', 'joined'];
export type GroupList = (typeof GROUP_LISTS)[number];
/** References of one image with the same to be told, not shortened yet. */
export interface ChangeGroup {
  readonly image: PassImage;
  readonly references: readonly string[];
  readonly imageBefore: string | null;
  /** The reference whose known findings they go on from. */
  readonly startedFrom: string | null;
  readonly lists: Readonly<Record<GroupList, readonly NoticeFinding[]>>;
}
type ReferenceChange = Omit<ChangeGroup, 'references'> & {
  readonly reference: string;
};
/** What is told of one reference: what changed now, and what waited for a notice. */
export declare const changeOf: ({ image, state, changes }: ReferenceDecision) => ReferenceChange;
/** What is told again of one reference: what is not accepted, and with `resolved` what only a baseline still accepts. */
export declare const repeatOf: (
  { image, state }: ReferenceDecision,
  outstanding: readonly KnownFinding[],
  resolved: readonly KnownFinding[],
) => ReferenceChange;
/** By image, references with the same to be told together; the worst first. */
export declare const groupChanges: (changes: readonly ReferenceChange[]) => ChangeGroup[];
/** Of what needs somebody: what is new or got worse. */
export declare const worstOf: ({ lists }: Pick<ChangeGroup, 'lists'>) => Severity | null;
export {};
