/** The address as a link may carry it: http or https, without credentials, everything special escaped; else `null`. */
export const webAddress = (text: string | null): string | null => {
  if (text === null || text.length > 2000 || !URL.canParse(text)) return null;
  const url = new URL(text);
  if (!['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '') return null;
  return url.href.replaceAll(/[^\w\-.~:/?#@!$&*+,;=%]/g, percentEncoded);
};

const percentEncoded = (character: string): string => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
