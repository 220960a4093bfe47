import { readConfig } from '../sandbox-server/config.ts';
import { readGateSettings } from '../sandbox-server/gate/gate-settings.ts';
import { openGate } from '../sandbox-server/gate/open-gate.ts';
import { Interruption } from '../sandbox-server/interruption.ts';
import { MAX_OVERLAY_BYTES } from '../sandbox-server/local-machines.ts';
import { makeLog } from '../sandbox-server/log.ts';
import { showAddress } from '../sandbox-server/machines/docker/engine/engine-address.ts';
import { findEngine } from '../sandbox-server/machines/docker/engine/find-engine.ts';
import { Stop } from './preflight/stop.mjs';

/**
 * `npm run gate`: alone has the socket of a Docker Engine, and lets through what Drydock's driver asks of it. The server
 * finds it by DOCKER_HOST=unix:// and GATE_SOCKET.
 */
export async function run(args: readonly string[]): Promise<number> {
  if (args.length > 0) {
    throw new Stop({
      what: `gate does not know "${args.join(' ')}".`,
      fix: 'Its settings are in docs/deploying.md.',
    });
  }
  const config = readConfig(process.env);
  const settings = readGateSettings(process.env);
  const { address } = await findEngine(process.env);
  if (address.kind !== 'unix') {
    throw new Stop({
      what: `The gate stands before a local engine, and DOCKER_HOST means ${showAddress(address)}.`,
      fix: 'Set DOCKER_HOST to its socket, such as unix:///var/run/docker.sock. A remote engine has its own guard: TLS or SSH.',
    });
  }
  const log = makeLog(config);
  using interruption = new Interruption();
  const maxima = { machineMemoryMib: config.machineMemoryMib, maxOverlayBytes: MAX_OVERLAY_BYTES };
  await using _gate = await openGate({ ...settings, engine: address.path, maxima, log });
  log.info(`The gate to ${address.path} listens on ${settings.socket}, for ${settings.owner}.`);
  await interruption.name;
  return 0;
}
