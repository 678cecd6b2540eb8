/**
 * Whether the whole text fits the pattern, in which `*` stands for any run of characters and all else for itself.
 * Takes the first place where each literal piece fits and never goes back, so hostile patterns cost no more than others.
 */
export const matchWildcards = (pattern: string, text: string): boolean => {
  const [head = '', ...pieces] = pattern.split('*');
  const tail = pieces.pop();
  if (tail === undefined) return text === head;
  if (text.length < head.length + tail.length || !text.startsWith(head) || !text.endsWith(tail)) return false;

  const end = text.length - tail.length;
  let from = head.length;
  for (const piece of pieces) {
    const found = text.indexOf(piece, from);
    if (found < 0 || found + piece.length > end) return false;
    from = found + piece.length;
  }
  return true;
};
