import type { OpenAttemptRequest, OpenAttemptResponse } from '../../../protocol/http.ts';
import type { LearnerError } from '../../../protocol/server-messages.ts';
import type { Text } from '../../../protocol/text.ts';

export type TicketAnswer =
  | { readonly kind: 'ticket'; readonly ticket: string }
  /** The server is away, busy or at fault: worth another try. */
  | { readonly kind: 'unavailable'; readonly shown: Text | null }
  /** It answered, and the answer will not change. */
  | { readonly kind: 'refused'; readonly shown: Text };

const TIMEOUT_MS = 10_000;
const REFUSED: Text = {
  'zh-cn': '服务器拒绝了这个页面的请求。请重新加载页面。',
  en: 'The server refused this page. Reload it.',
};

/** A single-use ticket for one WebSocket to this learner's attempt at a lab. */
export async function requestTicket(lab: string, signal: AbortSignal): Promise<TicketAnswer> {
  const request: OpenAttemptRequest = { lab };
  try {
    const response = await fetch('/api/attempts', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    if (response.ok) return { kind: 'ticket', ticket: ((await response.json()) as OpenAttemptResponse).ticket };
    const shown = await errorText(response);
    const passing = response.status >= 500 || response.status === 429 || response.status === 408;
    return passing ? { kind: 'unavailable', shown } : { kind: 'refused', shown: shown ?? REFUSED };
  } catch {
    return { kind: 'unavailable', shown: null };
  }
}

async function errorText(response: Response): Promise<Text | null> {
  try {
    const body = (await response.json()) as Partial<LearnerError> & { error?: Partial<LearnerError> };
    return body.message ?? body.error?.message ?? null;
  } catch {
    return null;
  }
}
