import { inBoth } from '../in-both.ts';

export const THREE_ARRANGEMENTS = inBoth({
  'zh-cn': {
    title: '容器要用 Docker 的三种接法。',
    caption:
      '挂套接字（DooD）：容器里只有客户端，指挥的是宿主机的守护进程，整个 API 都给出去了。另跑一个守护进程（DinD）：宿主机的套接字没给，特权容器却看得见宿主机的磁盘。中间放代理：只放行允许列表上的请求，别的在代理这里停下；给出去多少，取决于这张列表。',
    mounted: 'DooD：挂套接字',
    own: 'DinD：自带守护进程',
    between: '代理：按允许列表放行',
    runner: 'runner',
    socket: '`docker.sock`',
    daemon: '`dockerd`',
    privileged: '特权容器',
    disk: '`/dev/vda`',
    proxy: '`haproxy`',
    list: '列出',
    create: '创建',
    wholeApi: '宿主机的全部 API',
    hostDisk: '宿主机的磁盘',
    onTheList: '列表上的请求',
  },
  en: {
    title: 'Three ways to give a container Docker.',
    caption:
      'The socket mounted (DooD): the container holds a client, the daemon it orders about is the host’s, and all of the API is given away. A daemon of its own (DinD): the host’s socket stays out, but a privileged container sees the host’s disk. A proxy in between: what is on its list passes, the rest stops there, and what is given away is what the list says.',
    mounted: 'DooD: the socket mounted',
    own: 'DinD: a daemon of its own',
    between: 'A proxy with a list',
    runner: 'runner',
    socket: '`docker.sock`',
    daemon: '`dockerd`',
    privileged: 'privileged container',
    disk: '`/dev/vda`',
    proxy: '`haproxy`',
    list: 'list',
    create: 'create',
    wholeApi: 'the host’s whole API',
    hostDisk: 'the host’s disk',
    onTheList: 'what is listed',
  },
});
