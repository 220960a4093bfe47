import { inBoth } from '../in-both.ts';

export const ONE_SOCKET = inBoth({
  'zh-cn': {
    title: '谁在做事，谁能使唤它。',
    caption:
      '`docker`、`curl` 和别的程序都是客户端，发完请求就没事了。它们要过同一扇门：套接字文件，root 和 docker 组可以打开。门里面的进程都以 root 运行，连容器里的那个也是；没有谁问过请求是谁发的。',
    docker: '`docker`',
    curl: '`curl`',
    other: '任何程序',
    asks: 'HTTP',
    socket: '`/var/run/docker.sock`\n`root docker 660`',
    dockerd: '`dockerd`',
    containerd: '`containerd`',
    shim: '`containerd-shim`',
    container: '容器：`sleep 1d`',
    handsOn: '转交',
    perContainer: '每个容器一个',
    asRoot: '都以 root 运行',
  },
  en: {
    title: 'Who does the work, and who can order it.',
    caption:
      '`docker`, `curl` and all other programs are clients: they send a request and are done. They come through one door, the socket file, which root and the group docker may open. Behind it every process runs as root, down to the one in the container, and none of them asks who sent the request.',
    docker: '`docker`',
    curl: '`curl`',
    other: 'any program',
    asks: 'HTTP',
    socket: '`/var/run/docker.sock`\n`root docker 660`',
    dockerd: '`dockerd`',
    containerd: '`containerd`',
    shim: '`containerd-shim`',
    container: 'container: `sleep 1d`',
    handsOn: 'hands it on',
    perContainer: 'one per container',
    asRoot: 'all of it runs as root',
  },
});
