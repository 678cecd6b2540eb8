import { describe, expect, it } from 'vitest';

import { readProxies } from './proxy-settings.ts';

const basic = (login: string): string => `Basic ${Buffer.from(login).toString('base64')}`;
const httpsProxy = (HTTPS_PROXY: string) => readProxies({ HTTPS_PROXY }).https;

describe('the address of a proxy', () => {
  it.each([
    ['http://proxy.example:3128', 'http://proxy.example:3128', null],
    ['proxy.example:3128', 'http://proxy.example:3128', null],
    ['  proxy.example:3128/ ', 'http://proxy.example:3128', null],
    ['127.0.0.1:3128', 'http://127.0.0.1:3128', null],
    ['[::1]:3128', 'http://[::1]:3128', null],
    ['HTTPS://proxy.example', 'https://proxy.example', null],
    ['http://me:secret@proxy.example:3128', 'http://proxy.example:3128', 'me:secret'],
    ['me:secret@proxy.example:3128', 'http://proxy.example:3128', 'me:secret'],
    ['http://me@proxy.example:3128', 'http://proxy.example:3128', 'me:'],
    ['http://us%20er:p%40ss:w%25rd@proxy.example', 'http://proxy.example', 'us er:p@ss:w%rd'],
    ['http://u:a%ZZb@proxy.example:1', 'http://proxy.example:1', 'u:a%ZZb'],
    ['http://u:p@ss#/?@proxy.example:1', 'http://proxy.example:1', 'u:p@ss#/?'],
    ['http://u:%ff@proxy.example:1', 'http://proxy.example:1', 'u:%ff'],
    ['http://dom%5cme:ä@proxy.example:1', 'http://proxy.example:1', String.raw`dom\me:ä`],
  ])('may be written as %s', (written, origin, login) => {
    const proxy = httpsProxy(written);
    expect(proxy).toMatchObject({ origin, authorization: login === null ? null : basic(login) });
    const read = new URL(proxy?.address ?? '');
    expect(read.origin).toBe(origin);
    expect(`${decodeURIComponent(read.username)}:${decodeURIComponent(read.password)}`).toBe(login ?? ':');
  });

  it.each([
    ['HTTPS_PROXY', 'http://'],
    ['https_proxy', 'http://proxy.example:99999'],
    ['HTTP_PROXY', 'ftp://proxy.example'],
    ['http_proxy', 'http://me:secret@pro xy'],
    ['HTTPS_PROXY', '://x'],
    ['HTTPS_PROXY', 'me:secret@'],
  ])('is refused by the name of its variable, without secrets: %s=%s', (name, written) => {
    expect(() => readProxies({ [name]: written })).toThrow(
      expect.objectContaining({ code: 'setting_invalid', message: expect.stringMatching(new RegExp(`^${name} `)) }),
    );
    expect(() => readProxies({ [name]: written })).toThrow(expect.not.stringContaining('secret'));
  });

  it.each(['socks5://proxy.example:1080', 'socks5h://me:secret@proxy.example', 'socks://p', 'SOCKS4://p'])(
    'of another kind is told apart: %s',
    (written) => {
      expect(() => httpsProxy(written)).toThrow(/SOCKS is not spoken/);
    },
  );

  it('whatever its name and password hold, every program reads the same', () => {
    for (let code = 0; code < 0x250; code += 1) {
      const character = String.fromCodePoint(code);
      if (/\s/.test(character)) continue;
      const proxy = httpsProxy(`http://u${character}:p${character}@proxy:1`);
      expect(new URL(proxy?.address ?? '').host).toBe('proxy:1');
    }
  });

  it('in lower case counts first, and empty is not set', () => {
    expect(readProxies({ https_proxy: 'a:1', HTTPS_PROXY: 'b:1' }).https?.origin).toBe('http://a:1');
    expect(readProxies({ https_proxy: ' ', HTTPS_PROXY: 'b:1' }).https?.origin).toBe('http://b:1');
    expect(readProxies({ https_proxy: '', HTTP_PROXY: ' ' })).toMatchObject({ http: null, https: null });
  });
});

describe('which proxy', () => {
  const settings = (NO_PROXY: string) => readProxies({ HTTP_PROXY: 'plain:1', HTTPS_PROXY: 'secure:1', NO_PROXY });
  const proxyFor = (url: string, noProxy = ''): string | undefined => settings(noProxy).proxyFor(new URL(url))?.origin;

  it('is meant hangs on what is asked, and https is asked directly where only http has one', () => {
    expect(proxyFor('http://hub.example')).toBe('http://plain:1');
    expect(proxyFor('https://hub.example')).toBe('http://secure:1');
    expect(readProxies({ HTTP_PROXY: 'plain:1' }).proxyFor(new URL('https://hub.example'))).toBeNull();
  });

  it.each([
    ['127.0.0.0/8', 'http://127.1.2.3:80', true],
    ['10.0.0.0/8, 192.168.0.0/16', 'https://192.168.7.1', true],
    ['10.0.0.0/8', 'https://11.0.0.1', false],
    ['fd00::/8', 'https://[fd12::1]:5000', true],
    ['fd00::/8', 'https://[fe80::1]', false],
    ['10.0.0.0/8', 'https://hub.example', false],
    ['127.0.0.1', 'http://127.0.0.1:8080', true],
    ['127.0.0.1:80', 'http://127.0.0.1:8080', false],
    ['::1', 'http://[::1]:8080', true],
    ['[::1]:8080', 'http://[::1]:8080', true],
    ['[::1]:8081', 'http://[::1]:8080', false],
    ['example', 'https://hub.example', true],
    ['hub.example', 'https://HUB.example.', true],
    ['hub.example', 'https://xhub.example', false],
    ['.hub.example', 'https://a.hub.example', true],
    ['*.hub.example', 'https://hub.example', false],
    ['*.hub.example', 'https://a.hub.example', true],
    ['hub.example:443', 'https://hub.example', true],
    ['hub.example:80', 'https://hub.example', false],
    ['*', 'https://hub.example', true],
    ['a,*,b', 'https://hub.example', true],
    ['', 'https://hub.example', false],
    [',, /8 10.0.0.0/99 :', 'https://10.0.0.1', false],
  ])('NO_PROXY=%s leaves %s alone: %s', (noProxy, url, isDirect) => {
    expect(proxyFor(url, noProxy) === undefined).toBe(isDirect);
  });
});
