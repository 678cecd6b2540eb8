const LINE_LENGTH = 76;

/** At most so many bytes as a part of a mail, written as quoted-printable. */
export const transferSize = (text: string): number => {
  let bytes = 0;
  for (const byte of Buffer.from(text)) bytes += isPlain(byte) ? 1 : 3;
  const softBreaks = Math.ceil(bytes / (LINE_LENGTH - 3)) * 3;
  return bytes + softBreaks;
};

/** A blank counts as more where it ends a line, which is rare; a line end is two bytes. */
const isPlain = (byte: number): boolean => byte >= 32 && byte <= 126 && byte !== 0x3d;
