import type { CommandContext } from '@scanner/app';
import {
  type Health,
  judgeHealth,
  type LastPass,
  type ManualPass,
  readHealth,
  readLastPass,
  readManualPass,
} from '@scanner/app/daemon-state';
import {
  changeInWords,
  type HostStatusDocument,
  localTimeZone,
  momentInWords,
  type ServiceState,
  silentLog,
  systemClock,
} from '@scanner/core';
import type { ServiceContainer } from '@scanner/scanner';

import type { HostService } from './host-service.ts';

/** How the service is: its container, and what the daemon in it last wrote of itself. */
export const serviceStatus = async (service: HostService): Promise<HostStatusDocument> => {
  const container = await service.container();
  const health = readHealth(service.state);
  const own = readLastPass(service.state, silentLog);
  const waits = container?.state === 'running' && own?.outcome !== 'running';
  return {
    schema: 'gts.host-status/1',
    directory: service.directory,
    service: stateOf(container),
    problems: problemsOf(container, health),
    last_pass: newestPass(own, readManualPass(service.state)),
    next_pass_at: waits ? (health?.pass.next_at ?? null) : null,
    deliveries: health?.deliveries ?? null,
  };
};

const stateOf = (container: ServiceContainer | null): ServiceState => ({
  state: container?.state ?? 'absent',
  health: container?.health ?? null,
  container: container?.name ?? null,
  image: container?.image ?? null,
  started_at: container?.startedAt ?? null,
  exit_code: container?.exitCode ?? null,
  restarts: container?.restarts ?? 0,
});

const problemsOf = (container: ServiceContainer | null, health: Health | null): string[] => {
  if (container === null) return ['there is no container of the service: gts host up starts it'];
  if (container.state !== 'running') {
    const code = container.exitCode === null ? '' : ` (exit code ${container.exitCode})`;
    return [`its container is ${container.state}${code}: gts host logs tells why`];
  }
  return [...judgeHealth(health, systemClock)];
};

/** Of the one that the service made, and the one that somebody made by hand. */
const newestPass = (own: LastPass | null, manual: ManualPass | null): HostStatusDocument['last_pass'] => {
  if (manual !== null && (own === null || manual.started_at > own.started_at)) return passOf(manual, manual.by);
  return own === null ? null : passOf(own, null);
};

const passOf = (pass: Omit<ManualPass, 'schema' | 'by'>, by: string | null): HostStatusDocument['last_pass'] => {
  const { outcome, started_at, ended_at, reason, last_end_at, db_updated_at, totals, not_judged = null } = pass;
  return { outcome, started_at, ended_at, reason, last_end_at, db_updated_at, totals, not_judged, by };
};

/** Tells it on a console. */
export const tellStatus = ({ console }: CommandContext, status: HostStatusDocument): Promise<void> =>
  console.json
    ? console.document(status)
    : console.result(
        rendered(status)
          .map((line) => `${console.inert(line)}\n`)
          .join(''),
      );

const rendered = ({ service, problems, last_pass, next_pass_at, deliveries }: HostStatusDocument): string[] => {
  const rows: [string, string][] = [
    ['service', serviceInWords(service)],
    ['last pass', last_pass === null ? 'none yet' : passInWords(last_pass)],
    [
      'next pass',
      (next_pass_at === null ? null : shown(next_pass_at)) ??
        (last_pass?.outcome === 'running' ? 'once this one has ended' : 'not known'),
    ],
    [
      'deliveries',
      deliveries === null
        ? 'not known'
        : `${deliveries.pending - (deliveries.held ?? 0)} waiting, ${deliveries.held ?? 0} held, ${deliveries.dead} given up`,
    ],
    ...(deliveries?.last_error ? [['', `last refusal: ${deliveries.last_error}`] satisfies [string, string]] : []),
    ...problems.map((problem): [string, string] => ['PROBLEM', problem]),
  ];
  return rows.map(([name, text]) => `${name.padEnd(10)}  ${text}`);
};

/** In UTC, and in the time zone of this process. */
const shown = (moment: string): string => momentInWords(moment, localTimeZone());

const serviceInWords = ({ state, health, container, started_at, restarts }: ServiceState): string =>
  [
    health === null ? state : `${state} (${health})`,
    ...(container === null ? [] : [`as ${container}`]),
    ...(started_at === null ? [] : [`started ${shown(started_at)}`]),
    ...(restarts === 0 ? [] : [`started again ${restarts} times`]),
  ].join(', ');

const passInWords = ({
  outcome,
  started_at,
  ended_at,
  reason,
  totals,
  not_judged: notJudged,
  by,
}: NonNullable<HostStatusDocument['last_pass']>): string => {
  const when = ended_at === null ? `since ${shown(started_at)}` : shown(ended_at);
  const counts =
    totals === null
      ? ''
      : `; ${totals.images} images: ${totals.scanned} scanned, ${totals.reused} unchanged, ${totals.failed} failed, ${totals.skipped} skipped; ${changeInWords('new', totals.new, totals.advisories?.new)}, ${changeInWords('resolved', totals.resolved, totals.advisories?.resolved)}`;
  const limits = notJudged ? `; ${notJudged} could not be judged in full` : '';
  const maker = by ? `; by hand: ${by}` : '';
  return `${outcome}, ${when}${reason === null ? '' : `: ${reason}`}${counts}${limits}${maker}`;
};
