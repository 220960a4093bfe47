import type { Text } from './text.ts';

export interface CloseCode {
  code: number;
  /** May the page reconnect by itself? */
  reconnect: boolean;
  /** What happened, for people who read logs. */
  meaning: string;
  /** What the page shows. */
  shown: Text;
}

/** Every code the server closes a WebSocket with. docs/protocol.md lists the same table; a test compares them. */
export const CLOSE_CODES = {
  goingAway: {
    code: 1001,
    reconnect: true,
    meaning: 'the server is stopping or restarting',
    shown: {
      'zh-cn': '服务器正在重启，稍后自动重连。',
      en: 'The server is restarting; this page reconnects by itself.',
    },
  },
  badMessage: {
    code: 4400,
    reconnect: false,
    meaning: 'a message did not match its schema, or came out of order',
    shown: {
      'zh-cn': '页面与服务器说的不是同一种协议。请重新加载页面。',
      en: 'This page and the server do not understand each other. Reload the page.',
    },
  },
  badTicket: {
    code: 4401,
    reconnect: true,
    meaning: 'the ticket is unknown, expired or already used',
    shown: { 'zh-cn': '连接凭据已过期，正在重新获取。', en: 'The connection ticket expired; getting a new one.' },
  },
  helloTimeout: {
    code: 4408,
    reconnect: true,
    meaning: 'no hello arrived in time',
    shown: { 'zh-cn': '连接太慢，正在重试。', en: 'The connection was too slow; trying again.' },
  },
  tooLarge: {
    // The WebSocket standard's own code: the server refuses such a frame before it has read it.
    code: 1009,
    reconnect: false,
    meaning: 'a frame was larger than MAX_FRAME_BYTES, or more input was sent ahead than INPUT_BUFFER_BYTES',
    shown: {
      'zh-cn': '一次发送的内容太多。请重新加载页面，分几次粘贴。',
      en: 'Too much was sent at once. Reload the page and paste in smaller pieces.',
    },
  },
  tooFast: {
    code: 4429,
    reconnect: false,
    meaning: 'more messages than the rate limit allows',
    shown: {
      'zh-cn': '这个页面发送得太快，连接已关闭。请重新加载页面。',
      en: 'This page sent messages too fast and was disconnected. Reload the page.',
    },
  },
  versionMismatch: {
    code: 4426,
    reconnect: false,
    meaning: 'page and server speak different protocol versions',
    shown: {
      'zh-cn': '网站已更新。请重新加载页面，你的机器仍在运行。',
      en: 'The site was updated. Reload the page; your machine is still running.',
    },
  },
  heartbeatLost: {
    code: 4410,
    reconnect: true,
    meaning: 'the browser stopped answering pings',
    shown: { 'zh-cn': '网络中断，正在重连。', en: 'The network went away; reconnecting.' },
  },
  internal: {
    code: 4500,
    reconnect: true,
    meaning: 'a fault of the server',
    shown: { 'zh-cn': '服务器出错，正在重连。', en: 'The server had a fault; reconnecting.' },
  },
} as const satisfies Record<string, CloseCode>;
export type CloseReason = keyof typeof CLOSE_CODES;
