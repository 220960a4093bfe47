import * as z from 'zod/mini';

/** `POST /api/attempts`: the learner's attempt at a lab, made on first use. Needs same Origin and JSON. */
export const openAttemptRequestSchema = z.strictObject({
  lab: z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,63}$/)),
});
export type OpenAttemptRequest = z.infer<typeof openAttemptRequestSchema>;

/** The ticket opens one WebSocket, once, within 30 seconds. The learner's cookie is set along with it. */
export const openAttemptResponseSchema = z.object({ ticket: z.string() });
export type OpenAttemptResponse = z.infer<typeof openAttemptResponseSchema>;
