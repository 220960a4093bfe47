import { join } from 'node:path';
import type { Lab } from '../../labs/format/lab.ts';
import type { HostMemory } from '../attempts/host-memory.ts';
import { type Config, readConfig } from '../config.ts';
import { makeLog } from '../log.ts';
import { FakeDriver, type FakeDriverOptions } from '../machines/fake/fake-driver.ts';
import { type FakeTemplatesOptions, fakeTemplates } from '../machines/fake/fake-templates.ts';
import { startServer } from '../server.ts';
import type { AuthorSide } from '../server-options.ts';
import { TestBrowser } from './test-browser.ts';
import { TEST_LAB } from './test-lab.ts';

export interface TestServerOptions {
  readonly config?: Partial<Config>;
  readonly driver?: FakeDriverOptions;
  readonly templates?: FakeTemplatesOptions;
  readonly labs?: readonly Lab[];
  readonly siteFolder?: string;
  readonly stateFolder?: string;
  readonly heartbeatIntervalMs?: number;
  readonly adoptionPatienceMs?: number;
  readonly memory?: () => HostMemory | undefined;
  readonly author?: AuthorSide;
  /** Every log line, as JSON. */
  onLog?(line: string): void;
}

/** A whole server on a free port of this computer, with fake machines and a store that forgets. */
export async function startTestServer(options: TestServerOptions = {}) {
  const { labs = [TEST_LAB], heartbeatIntervalMs, adoptionPatienceMs } = options;
  const config = { ...readConfig({ PORT: '0', LOG_LEVEL: 'trace', POOL_MAX: '0' }), ...options.config };
  const log = makeLog(config, { write: (line) => options.onLog?.(line) });
  const driver = new FakeDriver(options.driver);
  const server = await startServer({
    ...{
      config,
      log,
      driver,
      templates: fakeTemplates(driver, options.templates),
      labs: new Map(labs.map((lab) => [lab.id, lab])),
    },
    siteFolder: options.siteFolder ?? join(import.meta.dirname, 'no-site'),
    stateFolder: options.stateFolder ?? ':memory:',
    isBusy: () => false,
    author: options.author,
    memory: options.memory ?? (() => undefined),
    ...(heartbeatIntervalMs !== undefined && { heartbeatIntervalMs }),
    ...(adoptionPatienceMs !== undefined && { adoptionPatienceMs }),
  });
  const { origin, port } = server;
  return {
    ...{ origin, port, driver, server },
    browser: () => new TestBrowser({ origin, lab: labs[0]?.id ?? '' }),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await driver[Symbol.asyncDispose]();
    },
  };
}
