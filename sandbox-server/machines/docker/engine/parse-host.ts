import type { EngineAddress, EngineTls } from './engine-address.ts';

const DEFAULT_SOCKET = '/var/run/docker.sock';
const PORTS = { plain: 2375, tls: 2376 } as const;

/**
 * What the docker CLI understands by a host. `undefined`: not an address of an engine. An empty one is the local
 * socket, or with TLS the port for it on this computer.
 */
export function parseHost(text: string, tls: EngineTls | null): EngineAddress | undefined {
  const host = text.trim();
  if (host === '') return tls ? parseHost('tcp://', tls) : { kind: 'unix', path: DEFAULT_SOCKET };
  const [, scheme = 'tcp', rest = ''] = /^(?:([a-z]+):\/\/)?(.*)$/.exec(host) ?? [];
  if (scheme === 'unix') return { kind: 'unix', path: rest === '' ? DEFAULT_SOCKET : rest };
  if (scheme === 'tcp') return parseTcp(rest, tls);
  return scheme === 'ssh' ? parseSsh(host) : undefined;
}

function parseTcp(rest: string, tls: EngineTls | null): EngineAddress | undefined {
  const [, hostPart = '', prefix = ''] = /^([^/]*)(\/.*)?$/.exec(rest) ?? [];
  const parts = /^(?:\[([^\]]+)\]|([^:]*))(?::(\d+))?$/.exec(hostPart);
  if (parts === null) return undefined;
  const host = parts[1] ?? (parts[2] || 'localhost');
  const port = Number(parts[3] ?? (tls ? PORTS.tls : PORTS.plain));
  if (port < 1 || port > 65_535) return undefined;
  return { kind: 'tcp', host, port, prefix: prefix === '/' ? '' : prefix, tls };
}

/** Whoever logs in, and how, ssh's own configuration says. A password or a path is not for an address. */
function parseSsh(host: string): EngineAddress | undefined {
  const url = URL.parse(host);
  if (url === null || url.hostname === '' || url.password !== '' || !['', '/'].includes(url.pathname)) return undefined;
  // It becomes a word of a command line.
  if (/^-/.test(url.hostname) || /^-/.test(url.username)) return undefined;
  return {
    kind: 'ssh',
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? null : Number(url.port),
    user: url.username === '' ? null : decodeURIComponent(url.username),
  };
}
