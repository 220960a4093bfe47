// A server in small: forks a group, says how to find it again, and waits to be killed.
import { readConfig } from '../../sandbox-server/config.ts';
import { openLocalMachines } from '../../sandbox-server/local-machines.ts';
import { Group } from './group.ts';
import { PAIR } from './lab.ts';

const HOUR_MS = 3_600_000;

const local = await openLocalMachines({ env: process.env, config: readConfig(process.env) });
const { host, attacker } = await Group.fork(local, PAIR);
for (const machine of [host, attacker]) machine.liveUntil(Date.now() + HOUR_MS);
process.send?.([host.record, attacker.record]);
