/** What UTF-16 looks like when it is read as UTF-8: its mark is no character there, and every other byte is zero. */
const NOT_UTF_8 = /^\u{fffd}\u{fffd}|\0/u;

/** What may be written in a file that is not text as it is read here. */
export const UTF_8 = 'text in UTF-8; this is UTF-16, as some editors and PowerShell save it, or no text at all';

/** The text of a file of settings without its byte-order mark; null where it is no text in UTF-8. */
export const plainText = (read: string): string | null =>
  NOT_UTF_8.test(read) ? null : read.replace(/^\u{feff}/u, '');
