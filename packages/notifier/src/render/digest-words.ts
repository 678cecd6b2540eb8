import { changeInWords, type Digest } from '@scanner/core';

/** `weekly digest: 7 open advisories, 1 resolved advisory, worst HIGH`: what a mail with nothing but a digest is about. */
export const digestInWords = ({ period, open, new: found, resolved }: Digest): string => {
  const parts = [
    open.findings === 0 ? 'nothing open' : changeInWords('open', open.findings, open.advisories),
    ...(found.findings === 0 ? [] : [changeInWords('new', found.findings, found.advisories)]),
    ...(resolved.findings === 0 ? [] : [changeInWords('resolved', resolved.findings, resolved.advisories)]),
    ...(open.worst === null ? [] : [`worst ${open.worst}`]),
  ];
  return `${period} digest: ${parts.join(', ')}`;
};
