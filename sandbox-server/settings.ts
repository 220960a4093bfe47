import * as z from 'zod';

/** One setting of the environment. `allowed` completes the sentence "allowed is …". */
export interface Setting<T> {
  readonly schema: z.ZodType<T, string>;
  /** As it would be written in the environment; null where it is worked out from the machine. */
  readonly fallback: string | null;
  readonly allowed: string;
  /** What it changes, for docs/configuration.md. */
  readonly meaning: string;
}

function wholeNumber(min: number, max: number, fallback: number | null, meaning: string): Setting<number> {
  return {
    schema: z.string().regex(/^\d+$/).transform(Number).pipe(z.number().min(min).max(max)),
    fallback: fallback === null ? null : String(fallback),
    allowed: `a whole number from ${min} to ${max}`,
    meaning,
  };
}

function oneOf<const T extends string>(values: readonly [T, ...T[]], fallback: T, meaning: string): Setting<T> {
  return { schema: z.enum(values), fallback, allowed: values.join(' or '), meaning };
}

const originSchema = z.string().refine((text) => {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.origin === text;
});

/** Everything an operator can change. Limits and time-outs that are not part of the protocol live only here. */
export const SETTINGS = {
  HOST: {
    schema: z.string().regex(/^[\w.:-]+$/),
    fallback: '127.0.0.1',
    allowed: 'an IP address or host name of this computer',
    meaning: 'Address to listen on. Any but this computer itself also needs `ALLOW_REMOTE=1` and `PUBLIC_ORIGINS`.',
  },
  PORT: wholeNumber(0, 65_535, 4321, 'Port to listen on; 0 picks a free one.'),
  METRICS_PORT: wholeNumber(
    0,
    65_535,
    null,
    'Port of `/metrics` and `/healthz` for programs on this computer, always on 127.0.0.1; 0 picks a free one. Left ' +
      'out, there is none.',
  ),
  ALLOW_REMOTE: {
    schema: z.enum(['0', '1']).transform((value) => value === '1'),
    fallback: '0',
    allowed: '0 or 1',
    meaning:
      'Says that `HOST` may be an address others can reach. Drydock has no TLS and no login of its own: whoever ' +
      'reaches it gets root in machines on this computer. Put a TLS proxy in front of it.',
  },
  PUBLIC_ORIGINS: {
    schema: z
      .string()
      .transform((text) => text.split(',').map((origin) => origin.trim()))
      .pipe(z.array(originSchema)),
    fallback: null,
    allowed: 'a comma-separated list of origins such as https://lab.example.org (no path, no slash at the end)',
    meaning:
      'Where learners open the site, besides `localhost`, `127.0.0.1` and `[::1]` with the port. Requests from ' +
      'pages of any other origin, or for any other host name, are refused.',
  },
  TRUST_PROXY: {
    schema: z.enum(['0', '1']).transform((value) => value === '1'),
    fallback: '0',
    allowed: '0 or 1',
    meaning:
      "Takes a learner's address from the last entry of `X-Forwarded-For`. Only behind a proxy that sets it: " +
      'otherwise whoever sends that header escapes the limits per address.',
  },
  DRIVER: oneOf(
    ['local', 'docker', 'auto', 'fake'],
    'local',
    '`local`: QEMU on this computer. `docker`: QEMU in containers of the Docker Engine that the docker CLI would use. ' +
      '`auto`: `local` if QEMU and bubblewrap are installed, otherwise `docker`. `fake`: a pretend shell, to work on ' +
      'the page without machines.',
  ),
  ENGINES: {
    schema: z.string().regex(/^[^\s,]+( *, *[^\s,]+)*$/),
    fallback: null,
    allowed: 'a comma-separated list of docker contexts or addresses such as ssh://root@lab-2',
    meaning:
      'Docker Engines that share the machines: each new sandbox goes where most room is, and an engine that fails is ' +
      'left out. Names of contexts (`docker context ls`), or addresses as of `DOCKER_HOST`. Left out: the engine that ' +
      'the docker CLI would use.',
  },
  ACCELERATOR: oneOf(
    ['auto', 'kvm', 'tcg'],
    'auto',
    'What runs the machines. `auto` finds out by booting; `kvm` is hardware virtualization, `tcg` emulation.',
  ),
  LOG_LEVEL: oneOf(
    ['info', 'trace', 'debug', 'warn', 'error', 'silent'],
    'info',
    'How much is logged. No level ever logs tickets, cookies or secrets.',
  ),
  MAX_SANDBOXES: wholeNumber(
    1,
    1000,
    null,
    'Sandboxes alive at once; further learners wait in a queue. Default: worked out from memory and processors.',
  ),
  MACHINE_MEMORY_MIB: wholeNumber(256, 16_384, 768, 'Memory each machine believes it has, in MiB.'),
  CHECKPOINTS_MIB: wholeNumber(
    512,
    1_048_576,
    4096,
    'What machines prepared for later steps may take on disk together, in MiB, about 300 each: those used least ' +
      'recently are removed, and made again when somebody wants one.',
  ),
  SANDBOX_MINUTES: wholeNumber(1, 1440, 60, 'How long a fresh sandbox lives, in minutes.'),
  EXTENSION_MINUTES: wholeNumber(1, 1440, 30, 'What one "extend" adds, in minutes.'),
  SANDBOX_MAX_MINUTES: wholeNumber(1, 1440, 240, 'The longest a sandbox may live, extensions included, in minutes.'),
  IDLE_MINUTES: wholeNumber(1, 1440, 20, 'A sandbox that no page is connected to ends after this many minutes.'),
  POOL_MAX: wholeNumber(
    0,
    100,
    2,
    'Sandboxes forked ahead, paused until a learner starts: as many as were started in the last 5 minutes, and no more ' +
      'than this. They take room that no learner needs. 0 forks none ahead.',
  ),
  PAUSE_AFTER_SECONDS: wholeNumber(
    0,
    86_400,
    60,
    'A sandbox that no page is connected to and in which nothing works is paused after this many seconds, until ' +
      'somebody comes back; its time goes on. 0 pauses none.',
  ),
  ON_STOP: oneOf(
    ['end', 'keep'],
    'end',
    'What SIGTERM does to machines. `end`: they end with the server. `keep`: they go on, and the next server finds them ' +
      'again. Ctrl-C always ends them; a server that is killed leaves them.',
  ),
  QUEUE_GRACE_SECONDS: wholeNumber(
    1,
    3600,
    60,
    'A place in the queue is kept for this long after its last page went away, in seconds.',
  ),
  CHECK_TIMEOUT_SECONDS: wholeNumber(1, 600, 20, 'A check that takes longer counts as errored, in seconds.'),
  TERMINAL_HISTORY_KIB: wholeNumber(
    256,
    65_536,
    512,
    'Output kept per terminal, in KiB, before it is summed up in a snapshot of the screen and its scrollback.',
  ),
  TICKET_SECONDS: wholeNumber(1, 600, 30, 'A ticket opens its WebSocket within this many seconds, once.'),
  HELLO_SECONDS: wholeNumber(1, 60, 5, 'A WebSocket whose first message takes longer is closed, in seconds.'),
  MESSAGES_PER_SECOND: wholeNumber(
    10,
    100_000,
    1000,
    'Messages one page may send per second (each full KiB counts as one more); twice as many at once.',
  ),
  REQUESTS_PER_MINUTE: wholeNumber(
    1,
    100_000,
    240,
    'Attempts opened, and WebSockets, per minute from one address (of IPv6, one network of 64 bits). A class behind ' +
      'one router shares it.',
  ),
  MAX_CONNECTIONS: wholeNumber(1, 100_000, 1000, 'WebSockets open at once.'),
  CONNECTIONS_PER_ATTEMPT: wholeNumber(1, 100, 8, 'Pages that may show one attempt at once.'),
  SANDBOXES_PER_LEARNER: wholeNumber(
    1,
    100,
    3,
    'Sandboxes, of different labs, that one learner may have at once; places in the queue count.',
  ),
  SANDBOXES_PER_ADDRESS: wholeNumber(
    1,
    1000,
    40,
    'Sandboxes at once for all learners of one address; places in the queue count. A class behind one router shares ' +
      'it; where strangers come one by one, set it to a few.',
  ),
  KEEP_PROGRESS_DAYS: wholeNumber(
    1,
    3650,
    400,
    'What a learner has finished is kept for this many days after they were last here, then forgotten.',
  ),
  RESETS_PER_MINUTE: wholeNumber(1, 10_000, 12, 'Resets of one attempt per minute.'),
} as const satisfies Record<string, Setting<unknown>>;

export type SettingName = keyof typeof SETTINGS;
export type SettingValues = { -readonly [K in SettingName]: z.output<(typeof SETTINGS)[K]['schema']> };
