/** How a registry wants to be told who asks. */
export type Challenge =
  | { readonly scheme: 'basic' }
  | {
      readonly scheme: 'bearer';
      /** Where tokens are given out; as the registry wrote it. */
      readonly realm: string;
      readonly service: string | null;
      readonly scope: string | null;
    };

const LONGEST_HEADER = 8192;

// Each is tried at one place only and its repetitions exclude each other's characters: no header costs more than its length.
const SEPARATORS = /[\s,]*/y;
const PARAMETER = /([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]*))(?=[\s,]|$)/y;
const SCHEME = /([\w!#$%&'*+.^`|~-]+)(?=[\s,]|$)/y;

interface WrittenChallenge {
  readonly scheme: string;
  readonly parameters: Map<string, string>;
}

/**
 * Reads a `WWW-Authenticate` header, which may hold several challenges. Schemes that we do not speak are left out, and so
 * is all from the first character on that fits no challenge.
 *
 * @example
 * parseChallenges('Bearer realm="https://auth.docker.io/token",service="registry.docker.io"')
 * // [{ scheme: 'bearer', realm: 'https://auth.docker.io/token', service: 'registry.docker.io', scope: null }]
 */
export const parseChallenges = (header: string): Challenge[] =>
  split(header.slice(0, LONGEST_HEADER)).flatMap(meaningOf);

const meaningOf = ({ scheme, parameters }: WrittenChallenge): Challenge[] => {
  if (scheme === 'basic') return [{ scheme }];
  const realm = parameters.get('realm');
  if (scheme !== 'bearer' || realm === undefined) return [];
  return [{ scheme, realm, service: parameters.get('service') ?? null, scope: parameters.get('scope') ?? null }];
};

const split = (header: string): WrittenChallenge[] => {
  const challenges: WrittenChallenge[] = [];
  for (let at = endOf(SEPARATORS, header, 0); at < header.length;) {
    const parameter = matchAt(PARAMETER, header, at);
    const scheme = parameter === null ? matchAt(SCHEME, header, at) : null;
    if (parameter !== null) addParameter(challenges.at(-1), parameter);
    else if (scheme !== null) challenges.push({ scheme: scheme[0].toLowerCase(), parameters: new Map() });
    else break;
    at = endOf(SEPARATORS, header, at + ((parameter ?? scheme)?.[0].length ?? 0));
  }
  return challenges;
};

/** The first of two with one name counts. */
const addParameter = (challenge: WrittenChallenge | undefined, [, name = '', quoted, plain]: RegExpExecArray): void => {
  const key = name.toLowerCase();
  if (challenge === undefined || challenge.parameters.has(key)) return;
  challenge.parameters.set(key, quoted?.replaceAll(/\\(.)/g, '$1') ?? plain ?? '');
};

const matchAt = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(text);
};

const endOf = (pattern: RegExp, text: string, at: number): number => at + (matchAt(pattern, text, at)?.[0].length ?? 0);
