/**
 * Whether a path inside an image fits a pattern: `**` stands for any characters, `*` for any but `/`, `?` for one that is
 * not `/`, and all else for itself. Costs at most the product of both lengths, whatever the pattern.
 */
export const matchPath = (pattern: string, path: string): boolean => {
  const tokens = tokensOf(withoutSlash(pattern));
  const text = withoutSlash(path);
  let ends = new Set([0]);
  for (const token of tokens) {
    ends = step(ends, text, token);
    if (ends.size === 0) return false;
  }
  return ends.has(text.length);
};

const withoutSlash = (path: string): string => path.replace(/^\/+/, '');

/** `**` with the slash behind it stands for any directories, none too: `a/` + `**` + `/b` fits `a/b`. */
const tokensOf = (pattern: string): string[] => pattern.match(/\*\*\/|\*\*|\*|[^]/g) ?? [];

const step = (ends: ReadonlySet<number>, text: string, token: string): Set<number> => {
  if (token === '**') return anyFrom(ends, text);
  if (token === '**/') return directoriesFrom(ends, text);
  return token === '*' ? withinName(ends, text) : one(ends, text, token);
};

const anyFrom = (ends: ReadonlySet<number>, text: string): Set<number> => {
  const first = Math.min(...ends);
  return new Set(Array.from({ length: text.length - first + 1 }, (_, index) => first + index));
};

const directoriesFrom = (ends: ReadonlySet<number>, text: string): Set<number> => {
  const first = Math.min(...ends);
  return new Set([...ends, ...[...anyFrom(ends, text)].filter((at) => at > first && text[at - 1] === '/')]);
};

const withinName = (ends: ReadonlySet<number>, text: string): Set<number> => {
  const reached = new Set<number>();
  for (const end of ends)
    for (let at = end; at <= text.length; at += 1) {
      if (reached.has(at)) break;
      reached.add(at);
      if (text[at] === '/') break;
    }
  return reached;
};

const one = (ends: ReadonlySet<number>, text: string, token: string): Set<number> =>
  new Set(
    [...ends]
      .filter((end) => (token === '?' ? end < text.length && text[end] !== '/' : text[end] === token))
      .map((end) => end + 1),
  );
