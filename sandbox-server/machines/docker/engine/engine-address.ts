/** Where a Docker Engine listens, and how it is to be spoken to. */
export type EngineAddress =
  | { readonly kind: 'unix'; readonly path: string }
  | {
      readonly kind: 'tcp';
      readonly host: string;
      readonly port: number;
      /** In front of every path of the API; empty in nearly all cases. */
      readonly prefix: string;
      /** null: in plain text. */
      readonly tls: EngineTls | null;
    }
  | { readonly kind: 'ssh'; readonly host: string; readonly port: number | null; readonly user: string | null };

/** What is left out is not used; Node's own authorities stand in for `ca`, as the system's do for the docker CLI. */
export interface EngineTls {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  /** Whether the engine has to prove who it is. */
  readonly verify: boolean;
}

/** As DOCKER_HOST would have it, for people. */
export function showAddress(address: EngineAddress): string {
  if (address.kind === 'unix') return `unix://${address.path}`;
  if (address.kind === 'tcp') return `tcp://${bracketed(address.host)}:${address.port}${address.prefix}`;
  const user = address.user === null ? '' : `${address.user}@`;
  return `ssh://${user}${bracketed(address.host)}${address.port === null ? '' : `:${address.port}`}`;
}

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);
