import type { FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import type { Lab } from '../../labs/format/lab.ts';
import type { AuthorSandbox, AuthorState, AuthorTemplate } from '../../protocol/author.ts';
import type { Attempt } from '../../sandbox-server/attempts/attempt.ts';
import { templateIdentity } from '../../sandbox-server/images/templates.ts';
import type { AuthorSide } from '../../sandbox-server/server-options.ts';
import type { LabShelf } from './lab-shelf.ts';
import { RunLog } from './run-log.ts';
import { subjectsOf } from './subjects.ts';

export interface AuthorDeskOptions {
  readonly shelf: LabShelf;
  /** Null before machines can be made. */
  readonly templates: { of(lab: string): AuthorTemplate | null };
}

/** So that a round of checks is told at once, and a busy machine does not keep the page busy. */
const TELL_AFTER_MS = 50;
/** Answered so soon, a proxy between us and the page knows that we are there. */
const RECONNECT_AFTER_MS = 500;

const probeSchema = z.strictObject({
  kind: z.enum(['check', 'part', 'question']),
  step: z.nullable(z.string()),
  id: z.string(),
});

type Attempts = Parameters<AuthorSide['addRoutes']>[1];

interface Reader {
  readonly lab: string;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** What the author's panel shows, and the routes by which it does. Only `npm run dev` has one. */
export class AuthorDesk implements Disposable {
  readonly side: AuthorSide;
  readonly #options: AuthorDeskOptions;
  readonly #runs = new RunLog();
  readonly #readers = new Set<Reader>();
  #attempts: Attempts | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: AuthorDeskOptions) {
    this.#options = options;
    this.side = {
      onlooker: {
        seen: (seen) => {
          this.#runs.add(seen);
          this.changed();
        },
        stageChanged: () => this.changed(),
      },
      addRoutes: (app, attempts) => {
        this.#attempts = attempts;
        app.get<Of<'lab'>>('/author/labs/:lab/events', (request, reply) => this.#listen(request, reply));
        app.post<Of<'lab'>>('/author/labs/:lab/probe', async (request, reply) => this.#probe(request, reply));
        app.post<Of<'lab'>>('/author/labs/:lab/reset', async (request, reply) => this.#reset(request, reply));
      },
    };
  }

  /** Something that panels show is not what it was. */
  changed(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      for (const reader of this.#readers) this.#tell(reader);
    }, TELL_AFTER_MS);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    for (const { reply } of this.#readers) reply.raw.end();
  }

  #listen(request: FastifyRequest<Of<'lab'>>, reply: FastifyReply): void {
    const reader = { lab: request.params.lab, request, reply };
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    reply.raw.write(`retry: ${RECONNECT_AFTER_MS}\n\n`);
    this.#readers.add(reader);
    request.raw.once('close', () => this.#readers.delete(reader));
    this.#tell(reader);
  }

  #tell({ lab, request, reply }: Reader): void {
    reply.raw.write(`data: ${JSON.stringify(this.#state(lab, this.#attempts?.of(request, lab)))}\n\n`);
  }

  #state(id: string, attempt: Attempt | undefined): AuthorState {
    const { shelf, templates } = this.#options;
    const lab = shelf.labs.get(id);
    return {
      lab: id,
      subjects: lab === undefined ? [] : subjectsOf(lab),
      runs: lab === undefined || attempt === undefined ? [] : this.#runs.of(attempt.id, lab),
      problems: shelf.problems,
      sandbox: lab === undefined || attempt === undefined ? null : describe(attempt, lab),
      template: templates.of(id),
    };
  }

  #probe(request: FastifyRequest<Of<'lab'>>, reply: FastifyReply): FastifyReply {
    this.#attempts?.requireOwnPage(request);
    const subject = probeSchema.safeParse(request.body);
    const sandbox = this.#attempts?.of(request, request.params.lab)?.sandbox;
    if (!subject.success) return reply.code(400).send({ message: 'A kind, a step and an id are needed.' });
    if (sandbox === undefined) return reply.code(409).send({ message: 'There is no machine to ask: start one.' });
    sandbox.probe(subject.data);
    return reply.code(202).send();
  }

  #reset(request: FastifyRequest<Of<'lab'>>, reply: FastifyReply): FastifyReply {
    this.#attempts?.requireOwnPage(request);
    const attempt = this.#attempts?.of(request, request.params.lab);
    if (attempt === undefined) return reply.code(409).send({ message: 'There is no machine to reset: start one.' });
    attempt.reset();
    return reply.code(202).send();
  }
}

interface Of<Name extends string> {
  Params: Readonly<Record<Name, string>>;
}

function describe({ sandbox }: Attempt, lab: Lab): AuthorSandbox | null {
  if (sandbox === undefined) return null;
  const { id, refs, madeFrom } = sandbox;
  const templates = refs && Object.fromEntries([...refs].map(([role, { key }]) => [role, key]));
  return { id, templates: templates ?? null, isStale: templateIdentity(madeFrom) !== templateIdentity(lab) };
}
