import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

import { listProcessIds, readProcessStat } from './process-group.ts';

/** A row of Linux' `/proc/net/tcp`: one end of what goes over this machine's loopback. */
interface LoopbackSocket {
  readonly localPort: number;
  readonly remotePort: number;
  readonly isListening: boolean;
  /** Whose it is. */
  readonly uid: number;
  /** What `/proc/<pid>/fd` calls it by. */
  readonly inode: string;
}

const LISTENING = '0A';
/** As the kernel prints it, whichever way round this machine keeps its bytes. */
const LOOPBACK = /^(?:0100007F|7F000001):/;

/**
 * Whether a process of the group is who listens on a port of 127.0.0.1; `undefined` where the system does not tell.
 * The port is nobody else's as long as that process has it, so that what was connected before is connected to it.
 */
export const groupListensOn = (group: number, port: number): boolean | undefined => {
  const sockets = loopbackSockets();
  if (sockets === undefined) return undefined;
  const listening = sockets.filter((socket) => socket.isListening && socket.localPort === port);
  return listening.some(({ inode }) => groupHas(group, `socket:[${inode}]`));
};

/** The ports from which other users are connected to a port of 127.0.0.1, as far as the system tells. */
export const portsOfOtherUsers = (port: number): ReadonlySet<number> => {
  const self = process.geteuid?.();
  const others = (loopbackSockets() ?? []).filter(({ remotePort, uid }) => remotePort === port && uid !== self);
  return new Set(others.map(({ localPort }) => localPort));
};

const loopbackSockets = (): LoopbackSocket[] | undefined => {
  try {
    return readFileSync('/proc/net/tcp', 'latin1').split('\n').slice(1).flatMap(parseRow);
  } catch {
    return undefined;
  }
};

const parseRow = (row: string): LoopbackSocket[] => {
  const [, local = '', remote = '', state, , , , uid, , inode = ''] = row.trim().split(/\s+/);
  if (!LOOPBACK.test(local)) return [];
  const [localPort, remotePort] = [portOf(local), portOf(remote)];
  return [{ localPort, remotePort, isListening: state === LISTENING, uid: Number(uid), inode }];
};

const portOf = (address: string): number => Number.parseInt(address.slice(address.indexOf(':') + 1), 16);

/** Its leader is asked first: what we start is mostly alone. */
const groupHas = (group: number, name: string): boolean =>
  hasOpen(group, name) ||
  listProcessIds().some((pid) => pid !== group && readProcessStat(pid)?.group === group && hasOpen(pid, name));

const hasOpen = (pid: number, name: string): boolean => {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((descriptor) => linkOf(`/proc/${pid}/fd/${descriptor}`) === name);
  } catch {
    return false;
  }
};

const linkOf = (path: string): string | undefined => {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
};
