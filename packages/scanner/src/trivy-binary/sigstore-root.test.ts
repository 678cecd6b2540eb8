import { temporaryDirectory } from '@scanner/testing';
import { describe, expect, it } from 'vitest';

import { loadSigstoreRoot } from './sigstore-root.ts';

describe('loadSigstoreRoot', () => {
  it('falls back to the root that was shipped, and says so, where updates are out of reach', async () => {
    await using cache = await temporaryDirectory();
    const warned: string[] = [];
    const root = await loadSigstoreRoot({
      cacheDir: cache.path,
      log: { info: () => {}, debug: () => {}, warn: (message) => warned.push(message) },
      updatesUrl: 'http://127.0.0.1:9',
    });
    expect(root.certificateAuthorities.map(({ uri }) => uri)).toContain('https://fulcio.sigstore.dev');
    expect(root.tlogs.length).toBeGreaterThan(0);
    expect(warned).toEqual([expect.stringContaining('not updated')]);
  });
});
