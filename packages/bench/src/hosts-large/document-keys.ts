import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

const REFERENCE = /^ {8}"(registry\.example\/\S+)",?$/;
const KEY = /^ {10}"key": "(.*)",$/;

/** The findings of a printed `gts.host-scan/1`, image by image, read line by line: the document may be larger than a string. */
export async function* documentKeys(path: string): AsyncGenerator<[string, string[]]> {
  let image: [string, string[]] | undefined;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    const reference = REFERENCE.exec(line)?.[1];
    if (reference !== undefined && reference !== image?.[0]) {
      if (image !== undefined) yield image;
      image = [reference, []];
    }
    const key = KEY.exec(line)?.[1];
    if (key !== undefined) image?.[1].push(key);
  }
  if (image !== undefined) yield image;
}
