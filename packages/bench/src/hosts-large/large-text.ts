import { type Aim, aimCells, aimOver } from '../aim.ts';
import { spreadOf } from '../statistics.ts';
import { renderTable } from '../table.ts';
import type { HostSize } from './invented-host.ts';
import { type LargePass, PASSES, type PassName } from './measure-host.ts';

const MEBIBYTE = 1024 ** 2;
const MOST_MEMORY_MIB = 400;
const MOST_RATIO = 1.3;

/** What a pass over a large host should come to: as long for an image as on a host of half its size, and so much memory. */
export function aimsOf(hosts: readonly HostSize[], passes: readonly LargePass[]): Aim[] {
  return hosts.flatMap((host) => [
    ...PASSES.map((pass) =>
      aimOver(
        { what: `${named(host)}, ${pass}: time an image / half the host`, unit: '', bound: 'at most', aim: MOST_RATIO },
        ratios(host, pass, passes),
      ),
    ),
    {
      what: `${named(host)}: peak memory`,
      figure: worstMemory(passes.filter((each) => isOf(each, host))),
      unit: ' MiB',
      bound: 'at most',
      aim: MOST_MEMORY_MIB,
    },
  ]);
}

export function renderLarge(hosts: readonly HostSize[], passes: readonly LargePass[]): string {
  const sizes = hosts.flatMap((host) => [half(host), host]);
  const rows = sizes.flatMap((size) =>
    PASSES.map((pass) => {
      const measured = passes.filter((each) => isOf(each, size) && each.pass === pass);
      const { median } = spreadOf(measured.map(({ seconds }) => seconds));
      return [
        `${named(size)}, ${pass}`,
        `${median.toFixed(1)} s`,
        `${((median / size.images) * 1000).toFixed(1)} ms`,
        `${worstMemory(measured)} MiB`,
      ];
    }),
  );
  return [
    'Passes over invented hosts, every severity, with --json',
    renderTable(['', 'time', 'an image', 'peak memory'], rows),
    'Aims',
    renderTable(['', 'measured', 'aim', ''], aimsOf(hosts, passes).map(aimCells)),
  ].join('\n\n');
}

const half = (host: HostSize): HostSize => ({ ...host, images: host.images / 2 });

const named = ({ images, findings }: HostSize): string => `${images} × ${findings}`;

const isOf = (pass: LargePass, { images, findings }: HostSize): boolean =>
  pass.images === images && pass.findings === findings;

const worstMemory = (passes: readonly LargePass[]): number =>
  Math.round(Math.max(...passes.map(({ peakMemoryBytes }) => peakMemoryBytes)) / MEBIBYTE);

const ratios = (host: HostSize, pass: PassName, passes: readonly LargePass[]): number[] => {
  const perImage = (size: HostSize): number[] =>
    passes.filter((each) => isOf(each, size) && each.pass === pass).map(({ seconds }) => seconds / size.images);
  const halves = perImage(half(host));
  return perImage(host).map((seconds, index) => seconds / (halves[index] ?? Number.NaN));
};
