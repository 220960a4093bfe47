import type { Text } from '../protocol/text.ts';

/** The three axes that hardening a Docker host comes down to. */
export const AXES = ['access', 'transport', 'privilege'] as const;
export type Axis = (typeof AXES)[number];

export interface CurriculumEntry {
  readonly id: string;
  readonly axes: readonly Axis[];
  /** Shown while content/<locale>/<id>.mdx does not exist yet; the lesson's own title replaces it. */
  readonly planned: Text;
}

/** Reading order. A lesson's number is its place here, also while lessons before it are still to be written. */
export const CURRICULUM: readonly CurriculumEntry[] = [
  { id: 'the-daemon', axes: ['access'], planned: { 'zh-cn': '守护进程是谁', en: 'Who the daemon is' } },
  { id: 'exposed-api', axes: ['access'], planned: { 'zh-cn': '对外敞开的 API', en: 'An API open to the network' } },
  { id: 'mutual-tls', axes: ['transport'], planned: { 'zh-cn': '双向 TLS 认证', en: 'Mutual TLS' } },
  { id: 'docker-group', axes: ['access', 'privilege'], planned: { 'zh-cn': 'docker 用户组', en: 'The docker group' } },
  {
    id: 'mounted-socket',
    axes: ['access', 'privilege'],
    planned: { 'zh-cn': '挂进容器的套接字', en: 'A socket mounted into a container' },
  },
  { id: 'rootless', axes: ['privilege'], planned: { 'zh-cn': 'Rootless 模式', en: 'Rootless mode' } },
  {
    id: 'harden-a-host',
    axes: ['access', 'transport', 'privilege'],
    planned: { 'zh-cn': '加固一台主机', en: 'Harden a host' },
  },
];
