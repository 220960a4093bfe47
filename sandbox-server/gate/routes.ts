import { FILES_VOLUME } from '../machines/docker/docker-context.ts';
import type { Belongings, Counted } from './belongings.ts';
import { type Allowed, containerOrder, OF_ANOTHER_VERSION } from './container-order.ts';
import type { EngineClient, EngineRequest } from './engine-client.ts';
import { execOrder, execStartOrder, volumeOrder } from './orders.ts';
import { Refusal } from './refusal.ts';
import { requireQuery, show } from './request-target.ts';

export interface Surroundings {
  readonly engine: EngineClient;
  readonly belongings: Belongings;
  readonly allowed: Allowed;
}

export interface Question {
  /** What stands in the path where the pattern has a group. */
  readonly id: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What the engine is to be asked for a question that was allowed. */
export interface Order extends EngineRequest {
  /** Of an answer in JSON, what the client is shown. */
  readonly show?: (answer: Readonly<Record<string, unknown>>) => unknown;
  /**
   * Of what is made and counted: asks the engine if there is room. Such a question is not taken back when the client
   * leaves, because the engine would make it nevertheless, and nobody would have counted it.
   */
  readonly counted?: Counted;
  /** Starts what is counted until it is started: is not taken back either. */
  readonly isStart?: true;
  /** The engine does not know it any more. */
  readonly onMissing?: () => void;
}

export interface Route {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'DELETE';
  readonly path: RegExp;
  /** The client wants a stream of bytes. */
  readonly upgrade?: true;
  decide(question: Question, surroundings: Surroundings): Promise<Order> | Order;
}

const ID = '([0-9a-f]{64})';
const YES = /^(?:true|1)$/;

/** What the driver, and doctor, read of it. The rest is about the host and whoever else uses it. */
const TOLD_OF_ENGINE = [
  ...['ID', 'NCPU', 'MemTotal', 'MemoryLimit', 'PidsLimit', 'CPUShares', 'CpuCfsQuota', 'KernelVersion'],
  ...['CgroupVersion', 'SecurityOptions', 'LiveRestoreEnabled', 'ServerVersion', 'OSType', 'Architecture'],
];

/** All that is let through. docs/decisions/engine-gate.md has it as a table. */
export const ROUTES: readonly Route[] = [
  { method: 'GET', path: /^\/_ping$/, decide: plain('GET', '/_ping') },
  { method: 'HEAD', path: /^\/_ping$/, decide: plain('HEAD', '/_ping') },
  { method: 'GET', path: /^\/version$/, decide: plain('GET', '/version') },
  {
    method: 'GET',
    path: /^\/info$/,
    decide: (question) => ({
      ...plain('GET', '/info')(question),
      show: (info) => Object.fromEntries(TOLD_OF_ENGINE.map((name) => [name, info[name]])),
    }),
  },
  {
    method: 'GET',
    path: /^\/images\/([a-z0-9:-]+)\/json$/,
    decide: (question, { allowed: { runner } }) => {
      if (question.id !== runner) throw new Refusal(`The gate knows one image, ${runner}. ${OF_ANOTHER_VERSION}`);
      return plain('GET', `/images/${runner}/json`)(question);
    },
  },
  {
    method: 'GET',
    path: /^\/containers\/json$/,
    decide: (question, { belongings }) => {
      requireNoBody(question);
      requireQuery(question.query, { all: YES, filters: /^\{.*\}$/s });
      return { method: 'GET', path: `/containers/json?all=true&filters=${encodeURIComponent(belongings.filter)}` };
    },
  },
  { method: 'POST', path: /^\/containers\/create$/, decide: createContainer },
  { method: 'GET', path: container('/json'), decide: ofContainer('GET', '/json', {}) },
  { method: 'POST', path: container('/start'), decide: ofContainer('POST', '/start', {}) },
  { method: 'POST', path: container('/wait'), decide: ofContainer('POST', '/wait', { condition: /^removed$/ }) },
  { method: 'DELETE', path: container(''), decide: ofContainer('DELETE', '', { force: YES, v: YES }) },
  {
    ...{ method: 'POST', path: container('/attach'), upgrade: true },
    decide: async (question, surroundings) => {
      const { kind } = await surroundings.belongings.container(question.id);
      if (kind !== 'helper' && kind !== 'probe') throw new Refusal(`Drydock attaches to no ${kind}.`);
      const streams = { hijack: YES, stream: YES, stdin: YES, stdout: YES, stderr: YES };
      return ofContainer('POST', '/attach', streams)(question, surroundings);
    },
  },
  { method: 'POST', path: container('/exec'), decide: createExec },
  {
    ...{ method: 'POST', path: new RegExp(`^/exec/${ID}/start$`), upgrade: true },
    decide: ({ id, query, body }, { belongings }) => {
      requireQuery(query, {});
      const order = execStartOrder(body);
      belongings.execs.take(id);
      return { method: 'POST', path: `/exec/${id}/start`, body: order, upgrade: true, isStart: true };
    },
  },
  {
    method: 'GET',
    path: /^\/volumes$/,
    decide: (question, { belongings }) => {
      requireNoBody(question);
      requireQuery(question.query, { filters: /^\{.*\}$/s });
      const filters = JSON.stringify({ dangling: ['true'], ...JSON.parse(belongings.filter) });
      return { method: 'GET', path: `/volumes?filters=${encodeURIComponent(filters)}` };
    },
  },
  {
    method: 'POST',
    path: /^\/volumes\/create$/,
    decide: ({ query, body }, { belongings }) => {
      requireEcho(query, body);
      const order = volumeOrder(body, belongings.owner);
      const counted: Counted = (make) => belongings.withRoomForCable(make);
      return { method: 'POST', path: '/volumes/create', body: order, ...(order.Name !== FILES_VOLUME && { counted }) };
    },
  },
  {
    method: 'DELETE',
    path: /^\/volumes\/([a-z0-9-]{1,64})$/,
    decide: async (question, { belongings }) => {
      const order = plain('DELETE', `/volumes/${question.id}`)(question);
      await belongings.volume(question.id);
      return order;
    },
  },
];

function container(what: string): RegExp {
  return new RegExp(`^/containers/${ID}${what}$`);
}

/** Nothing of the client's goes on. */
function plain(method: string, path: string) {
  return (question: Question): Order => {
    requireQuery(question.query, {});
    requireNoBody(question);
    return { method, path };
  };
}

function ofContainer(method: string, what: string, allowed: Readonly<Record<string, RegExp>>) {
  return async ({ id, query, body }: Question, { belongings }: Surroundings): Promise<Order> => {
    requireQuery(query, allowed);
    requireRepetition(query, body);
    await belongings.container(id);
    const path = `/containers/${id}${what}${query.size > 0 ? `?${query}` : ''}`;
    return { method, path, onMissing: () => belongings.forget(id), ...(what === '/attach' && { upgrade: true }) };
  };
}

async function createContainer({ query, body }: Question, { belongings, allowed }: Surroundings): Promise<Order> {
  requireEcho(query, body);
  const { body: order, volumes } = containerOrder(body, allowed);
  for (const volume of volumes) await belongings.mountable(volume);
  const counted: Counted = (make) => belongings.withRoom(make);
  return { method: 'POST', path: '/containers/create', body: order, counted };
}

async function createExec({ id, query, body }: Question, { belongings }: Surroundings): Promise<Order> {
  requireQuery(query, {});
  const order = execOrder(body, await belongings.container(id));
  const show = (answer: Readonly<Record<string, unknown>>) => {
    if (typeof answer.Id === 'string') belongings.execs.add(answer.Id, id);
    return answer;
  };
  const counted: Counted = (make) => belongings.execs.withRoom(id, make);
  return {
    method: 'POST',
    path: `/containers/${id}/exec`,
    body: order,
    show,
    counted,
    onMissing: () => belongings.forget(id),
  };
}

/** The library repeats a body in the query, which the engine does not read, but for a name or a platform. */
function requireEcho(query: URLSearchParams, body: Readonly<Record<string, unknown>>): void {
  for (const name of query.keys()) {
    if (!Object.hasOwn(body, name)) throw new Refusal(`Drydock asks nothing called ${show(name)} there.`);
  }
  if (Object.hasOwn(body, 'name') || Object.hasOwn(body, 'platform')) throw new Refusal('Drydock gives no names.');
}

/** A body that nobody reads says the same as the query, or nothing. Engines once took options from it at a start. */
function requireRepetition(query: URLSearchParams, body: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(body)) {
    if (query.get(name) !== String(value)) throw new Refusal(`Drydock sends no ${show(name)} in the body there.`);
  }
}

function requireNoBody({ body }: Question): void {
  if (Object.keys(body).length > 0) throw new Refusal('Drydock sends nothing in the body there.');
}
