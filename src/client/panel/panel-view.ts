import type { AttemptState, Phase } from '../../../protocol/state.ts';
import type { Text } from '../../../protocol/text.ts';
import type { LinkStatus } from '../link/link.ts';

/** What fills the panel while there is no running machine to show. */
export type Stage =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'away'; readonly shown: Text | null }
  | { readonly kind: 'refused'; readonly shown: Text }
  | Extract<Phase, { kind: 'queued' }>
  | { readonly kind: 'starting' }
  | Extract<Phase, { kind: 'ended' }>;

/** What stands below a machine that is running (or queued, or ended) while the connection is not there. */
export type ConnectionNotice =
  | { readonly kind: 'reconnecting' }
  | { readonly kind: 'lost'; readonly retryAt: number; readonly shown: Text | null }
  | { readonly kind: 'refused'; readonly shown: Text };

export interface PanelView {
  /** Null while a machine is running: its terminals fill the panel. */
  readonly stage: Stage | null;
  readonly notice: ConnectionNotice | null;
}

export function panelView(state: AttemptState | null, link: LinkStatus): PanelView {
  if (!state) return { stage: stageWithoutState(link), notice: null };
  const { phase } = state;
  return { stage: phase.kind === 'running' ? null : phase, notice: noticeOf(link) };
}

function stageWithoutState(link: LinkStatus): Stage {
  if (link.kind === 'waiting') return { kind: 'away', shown: link.shown };
  if (link.kind === 'refused') return link;
  return { kind: 'connecting' };
}

function noticeOf(link: LinkStatus): ConnectionNotice | null {
  if (link.kind === 'open') return null;
  if (link.kind === 'connecting') return { kind: 'reconnecting' };
  if (link.kind === 'waiting') return { kind: 'lost', retryAt: link.retryAt, shown: link.shown };
  return link;
}
