/**
 * Whether the whole text fits the pattern, in which `*` stands for any run of characters and all else for itself.
 * Takes the first place where each literal piece fits and never goes back, so hostile patterns cost no more than others.
 */
export declare const matchWildcards: (pattern: string, text: string) => boolean;
