// Makes docs/notice.png and docs/notice-phone.png of a mail that `gts host scan` really sent. Needs Chromium (CHROMIUM
// names another than the one in PATH), the built gts and what `npm run testbed` prepares.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import {
  type Engine,
  loadStandardImages,
  startClassicEngine,
  startSmtpServer,
  temporaryDirectory,
} from '@scanner/testing';

import { noticedHost, readMail } from '../e2e/support/noticed-host.ts';

const DOCS = fileURLToPath(new URL('../../../docs/', import.meta.url));
const run = promisify(execFile);

const WEB = ['registry.example/shop/web:1.4.2', 'registry.example/shop/web:latest'];
const WORKER = 'registry.example/shop/worker:1.0';
const DEBIAN = 'registry.example/base/debian:12';
const BILLING = 'registry.example/shop/billing:7';

/**
 * The mail of a pass after a night in which an image was rebuilt, an advisory came, an acceptance ended and an image was
 * pulled.
 */
const mailedNotice = async (): Promise<{ readonly html: string; readonly text: string }> => {
  await using engine = await startClassicEngine();
  await loadStandardImages(engine);
  await using smtp = await startSmtpServer();
  await using host = await noticedHost(engine, smtp, {
    HOST_NAME: 'web1',
    HOST_DIR: '/srv/security',
    TZ: 'Europe/Berlin',
    TRIVY_SEVERITY: 'MEDIUM,HIGH,CRITICAL',
  });
  const scanned = { SCAN_IMAGES: [...WEB, WORKER, DEBIAN].join(',') };
  await makeContainer(engine, ['run', '--detach', '--name', 'worker-1'], WORKER);
  await host.pass([], scanned);
  await host.user.gts(['baseline', 'save', ...WEB, WORKER, DEBIAN]);
  const terms = ['--reason', 'behind the VPN, SEC-12', '--owner', 'web team', '--expires', `${ACCEPTED_SECONDS}s`];
  await host.user.gts(['accept', 'CVE-2099-1003', '--image', DEBIAN, ...terms]);
  await host.useDatabase(2);
  const rebuilt = await unnamedImage(engine);
  for (const reference of WEB) await engine.docker(['tag', rebuilt, reference]);
  await makeContainer(engine, ['create', '--name', 'web-1'], rebuilt);
  await setTimeout(ACCEPTED_SECONDS * 1000);
  await host.pass([], { SCAN_IMAGES: `${scanned.SCAN_IMAGES},${BILLING}` });
  const { html = '', text = '' } = await readMail(smtp);
  return { html, text };
};

const ACCEPTED_SECONDS = 10;

const makeContainer = (engine: Engine, how: readonly string[], image: string): Promise<string> =>
  engine.docker([...how, '--network', 'none', '--label', 'com.docker.compose.project=shop', image, '/bin/pause']);

/** A newer build of the web image. */
const unnamedImage = async (engine: Engine): Promise<string> =>
  (await engine.docker(['images', '--quiet', '--filter', 'dangling=true'])).split('\n')[0] ?? '';

/** Draws a page as high as it is at a width. Chromium makes no window as narrow as a phone, so the page is told its width. */
const draw = async (html: string, target: string, width: number): Promise<void> => {
  await using directory = await temporaryDirectory();
  const page = join(directory.path, 'notice.html');
  await writeFile(page, `${html}<style>html{width:${width}px}</style>${TELL_HEIGHT}`);
  const { stdout } = await chromium(['--dump-dom', page]);
  const height = Number(/<title>(\d+)<\/title>/.exec(stdout)?.[1]);
  await writeFile(page, html);
  await chromium([`--window-size=${width},${height}`, `--screenshot=${target}`, page]);
};

const TELL_HEIGHT = '<script>document.title = Math.ceil(document.body.getBoundingClientRect().height)</script>';

const chromium = async (args: readonly string[]): Promise<{ readonly stdout: string }> => {
  await using profile = await temporaryDirectory();
  return run(process.env['CHROMIUM'] ?? 'chromium', [
    ...['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars'],
    ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    `--user-data-dir=${profile.path}`,
    ...args,
  ]);
};

const { html, text } = await mailedNotice();
await draw(html, join(DOCS, 'notice.png'), 760);
await draw(html, join(DOCS, 'notice-phone.png'), 390);
process.stdout.write(text);
