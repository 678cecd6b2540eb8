/** As undici gives them: names in lower case, an array where a header came more than once. */
export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** A header of which one is expected: the first. */
export const headerOf = (headers: AnswerHeaders, name: string): string | null => {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return (Array.isArray(value) ? value[0] : value) ?? null;
};

/** A header that may come in several lines, which mean the same as one with commas. */
export const joinedHeader = (headers: AnswerHeaders, name: string): string => {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return Array.isArray(value) ? value.join(', ') : (value ?? '');
};
