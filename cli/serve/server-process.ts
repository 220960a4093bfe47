import { settledBytes } from '../../sandbox-server/testing/settled-memory.ts';
import { Progress } from '../progress/progress.mjs';
import { serveLabs } from './serve-labs.ts';

/** A spare server, in a process of its own: see spare-server.ts. It says where it listens and ends with its maker. */
const nothing = () => {};
const view = { started: nothing, detail: nothing, done: nothing, failed: nothing };
const progress = new Progress({ view, history: { lastSeconds: () => undefined, remember: nothing } });

const stop = () => process.kill(process.pid, 'SIGTERM');
process.once('disconnect', stop);
const tellMemory = async () => process.send?.({ memoryBytes: await settledBytes() });
process.on('message', tellMemory);
process.exitCode = await serveLabs({
  progress,
  onReady: ({ origin, metricsPort }) => process.send?.({ origin, metricsPort }),
});
// Listening for it would keep this process alive.
process.off('disconnect', stop);
process.off('message', tellMemory);
