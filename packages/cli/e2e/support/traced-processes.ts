import { readFile } from 'node:fs/promises';

/** One program that a traced command started, or itself, with all of its threads. */
export interface TracedProcess {
  readonly program: string;
  /** The program's own name first. */
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Absolute paths of what was opened, in no order. */
  readonly files: ReadonlySet<string>;
  /** `127.0.0.1:80`, `[::1]:80` or the path of a socket. */
  readonly connections: ReadonlySet<string>;
}

/** What has to be in front of a command so that `file` tells of it and of every process that it starts. */
export const tracer = (file: string): readonly string[] => [
  ...['/usr/bin/strace', '--follow-forks', '--seccomp-bpf', '--quiet=all', '--decode-fds=path', '--no-abbrev'],
  ...['--string-limit=200000', '--signal=none', `--output=${file}`],
  '--trace=execve,fork,vfork,clone,clone3,open,openat,openat2,creat,connect',
  '--',
];

/** Every program that was started while the trace was taken, in that order. */
export const readTrace = async (file: string): Promise<readonly TracedProcess[]> => {
  const trace = new Trace();
  for (const line of (await readFile(file, 'utf8')).split('\n')) trace.read(line);
  return trace.processes;
};

type Mutable = TracedProcess & { readonly files: Set<string>; readonly connections: Set<string> };

/** Follows which thread belongs to which process, and which process runs what. */
class Trace {
  readonly processes: Mutable[] = [];
  /** By the ID of a thread, which is that of its process for the first of them. */
  readonly #running = new Map<string, Mutable>();
  /** Calls that another line interrupted, by the ID of their thread. */
  readonly #begun = new Map<string, string>();

  read(line: string): void {
    const { id, call } = /^(?<id>\d+) +(?<call>.*)$/v.exec(line)?.groups ?? {};
    if (id === undefined || call === undefined) return;
    const unfinished = / <unfinished \.\.\.>$/v;
    if (unfinished.test(call)) return void this.#begun.set(id, call.replace(unfinished, ''));
    const resumed = /^<\.\.\. \w+ resumed>(?<rest>.*)$/v.exec(call)?.groups?.['rest'];
    this.#take(id, resumed === undefined ? call : `${this.#begun.get(id) ?? ''}${resumed}`);
  }

  #take(id: string, call: string): void {
    const { name, result } = /^(?<name>\w+)\(.*\) += (?<result>.*)$/v.exec(call)?.groups ?? {};
    if (name === undefined || result === undefined) return;
    if (name === 'execve') return this.#start(id, call, result);
    if (name === 'connect') return this.#connect(id, call);
    if (name.startsWith('open') || name === 'creat') return this.#open(id, result);
    this.#fork(id, result);
  }

  #start(id: string, call: string, result: string): void {
    const { program, args, environment } =
      /^execve\("(?<program>[^"]*)", (?<args>\[.*?\]), (?<environment>\[.*\])\)/v.exec(call)?.groups ?? {};
    if (result !== '0' || program === undefined) return;
    const started = {
      program,
      args: wordsOf(args),
      environment: Object.fromEntries(wordsOf(environment).map(assignment)),
      files: new Set<string>(),
      connections: new Set<string>(),
    };
    this.processes.push(started);
    this.#running.set(id, started);
  }

  /** A thread and a process that was forked run what their parent runs, until they start another program. */
  #fork(id: string, result: string): void {
    const parent = this.#running.get(id);
    const child = /^(?<child>\d+)/v.exec(result)?.groups?.['child'];
    if (parent !== undefined && child !== undefined) this.#running.set(child, parent);
  }

  #open(id: string, result: string): void {
    const path = /^\d+<(?<path>.*)>$/v.exec(result)?.groups?.['path'];
    if (path !== undefined) this.#running.get(id)?.files.add(path);
  }

  #connect(id: string, call: string): void {
    const address = addressOf(call);
    if (address !== null) this.#running.get(id)?.connections.add(address);
  }
}

const wordsOf = (list = ''): string[] =>
  [...list.matchAll(/"(?<word>(?:\\.|[^"\\])*)"/gv)].map(({ groups }) => groups?.['word'] ?? '');

const assignment = (text: string): readonly [name: string, value: string] => {
  const at = text.indexOf('=');
  return [text.slice(0, at), text.slice(at + 1)];
};

const addressOf = (call: string): string | null => {
  const path = /sun_path=@?"(?<path>[^"]*)"/v.exec(call)?.groups?.['path'];
  if (path !== undefined) return path;
  const port = /sin6?_port=htons\((?<port>\d+)\)/v.exec(call)?.groups?.['port'];
  const four = /inet_addr\("(?<address>[^"]+)"\)/v.exec(call)?.groups?.['address'];
  if (four !== undefined) return `${four}:${port}`;
  const six = /inet_pton\(AF_INET6, "(?<address>[^"]+)"/v.exec(call)?.groups?.['address'];
  return six === undefined ? null : `[${six}]:${port}`;
};
