import { inBoth } from '../in-both.ts';

export const PAST_THE_WALL = inBoth({
  'zh-cn': {
    title: '防火墙后面的 2375 端口，还有谁够得着。',
    caption:
      '防火墙朝外，只挡住第 1 条路，也就是从 kali 直接来的请求。第 2 条路从容器里来，走的是宿主机内部。第 3 条路借用 olga 的浏览器：她打开 mallory 的网页，网页让浏览器向 127.0.0.1 发请求。把端口绑在 127.0.0.1 上，会再断掉第 2 条，断不了第 3 条。',
    kali: 'kali',
    direct: '`docker -H`',
    page: '网页',
    firewall: '防火墙',
    dock: 'dock',
    container: '容器',
    browser: 'olga 的浏览器',
    first: '1',
    second: '2',
    third: '3',
    port: '`:2375`',
    daemon: '`dockerd`，root',
    bridge: '`172.17.0.1`',
    loopback: '`127.0.0.1`',
  },
  en: {
    title: 'Port 2375 behind a firewall: who still gets there.',
    caption:
      'The firewall faces outwards and stops way 1, the request straight from kali. Way 2 comes from a container, inside the host. Way 3 borrows olga’s browser: she opens mallory’s page, and the page has the browser send a request to 127.0.0.1. Binding the port to 127.0.0.1 cuts way 2 as well, and leaves way 3.',
    kali: 'kali',
    direct: '`docker -H`',
    page: 'web page',
    firewall: 'firewall',
    dock: 'dock',
    container: 'container',
    browser: 'olga’s browser',
    first: '1',
    second: '2',
    third: '3',
    port: '`:2375`',
    daemon: '`dockerd`, root',
    bridge: '`172.17.0.1`',
    loopback: '`127.0.0.1`',
  },
});
