import { describe, expect, it } from 'vitest';

import { anImage } from './image.ts';

const description = { layers: [{ 'etc/os-release': 'ID=alpine\n' }, { 'app/hello.txt': 'hello' }] };

describe('an image', () => {
  it('has the same bytes whenever it is built from the same description', async () => {
    expect(await anImage(description)).toEqual(await anImage(description));
  });

  it('shares the layers that it has in common with another', async () => {
    const one = await anImage(description);
    const other = await anImage({ layers: [{ 'etc/os-release': 'ID=alpine\n' }] });
    expect(one.layers[0]?.diffId).toBe(other.layers[0]?.diffId);
    expect(one.id).not.toBe(other.id);
  });
});
