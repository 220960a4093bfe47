import * as z from 'zod';

/** What the agent may say, whatever it is about: each event uses some of these fields. */
const agentMessageSchema = z.looseObject({
  event: z.string(),
  /** Of the request it answers; a request without one may fail, too. */
  id: z.union([z.number(), z.string(), z.null()]).optional(),
  error: z.string().optional(),
  terminal: z.string().optional(),
  /** Of a terminal, or the exit status of a script. */
  status: z.union([z.enum(['open', 'closed']), z.number(), z.null()]).optional(),
  timedOut: z.boolean().optional(),
  truncated: z.boolean().optional(),
  stdout: z.string().optional(),
  stderr: z.string().optional(),
  terminals: z
    .array(
      z.looseObject({
        id: z.string(),
        status: z.enum(['open', 'closed']),
        input: z.int().nonnegative().optional(),
        output: z.int().nonnegative().optional(),
        printed: z.int().nonnegative().optional(),
      }),
    )
    .optional(),
});

export type AgentMessage = z.infer<typeof agentMessageSchema>;

/**
 * `undefined` for what is not a message of the agent. Whoever is root in a machine can speak on its ports, so nothing is
 * taken for what it should be: not even a number, which JSON could make an object that throws when it is used as one.
 */
export function parseAgentMessage(body: Buffer): AgentMessage | undefined {
  try {
    return agentMessageSchema.safeParse(JSON.parse(body.toString('utf8'))).data;
  } catch {
    return undefined;
  }
}
