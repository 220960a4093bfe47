import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HTML_LANG, translatedPath } from '../../src/locale/paths.ts';

/** The pages of a built site, each with its address, where its links lead and which anchors it has. */
export interface SitePage {
  readonly path: string;
  readonly lang: string;
  readonly links: readonly string[];
  readonly anchors: ReadonlySet<string>;
  /** Where the switch to the other language leads. */
  readonly translation: string | undefined;
}

export function readSite(dist: string): SitePage[] {
  return globSync('**/*.html', { cwd: dist }).map((file) =>
    readPage(addressOf(file), readFileSync(join(dist, file), 'utf8')),
  );
}

/** As the server hands them out: `lessons/x/index.html` at `/lessons/x/`. */
function addressOf(file: string): string {
  return `/${file.replace(/(^|\/)index\.html$/, '$1')}`;
}

export function readPage(path: string, html: string): SitePage {
  const attributes = (pattern: RegExp) => [...html.matchAll(pattern)].map(([, value = '']) => plain(value));
  return {
    path,
    lang: /<html[^>]*\blang="([^"]+)"/.exec(html)?.[1] ?? '',
    links: attributes(/<(?:a|link|img|script)\b[^>]*?\s(?:href|src)="([^"]*)"/g),
    anchors: new Set(attributes(/<[a-z][^>]*?\sid="([^"]+)"/g)),
    translation: attributes(/<a\b[^>]*?\shref="([^"]*)"[^>]*?\sdata-language/g)[0],
  };
}

function plain(attribute: string): string {
  return attribute.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#38;', '&');
}

export const isExternal = (link: string): boolean => /^[a-z]+:|^\/\//i.test(link);

/** Links into the site that lead nowhere, a sentence each. `files` are the addresses of all that is no page. */
export function brokenLinks(pages: readonly SitePage[], files: ReadonlySet<string>): string[] {
  const known = new Map(pages.map((page) => [page.path, page]));
  return pages.flatMap(({ path, links }) =>
    links
      .filter((link) => !isExternal(link))
      .flatMap((link) => {
        const { pathname, hash } = new URL(link, `http://site${path}`);
        const anchor = decodeURIComponent(hash.slice(1));
        const target = known.get(decodeURIComponent(pathname));
        if (!target) return files.has(pathname) ? [] : [`${path} links to ${link}, and there is no such page.`];
        if (anchor === '' || target.anchors.has(anchor)) return [];
        return [`${path} links to ${link}, and ${target.path} has no such anchor.`];
      }),
  );
}

/** What is wrong with links that lead out of the site, as far as that can be seen from here. */
export function badExternalLinks(pages: readonly SitePage[]): string[] {
  return pages.flatMap(({ path, links }) =>
    links.filter((link) => isExternal(link) && !isSound(link)).map((link) => `${path} links to ${link}`),
  );
}

function isSound(link: string): boolean {
  if (!URL.canParse(link) || /\s/.test(link)) return false;
  const { protocol, hostname, port, username } = new URL(link);
  return protocol === 'https:' && /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(hostname) && port === '' && username === '';
}

/** Pages whose switch does not lead to the same page in the other language, and back. */
export function badSwitches(pages: readonly SitePage[]): string[] {
  const known = new Map(pages.map((page) => [page.path, page]));
  return pages.flatMap(({ path, lang, translation }) => {
    const other = lang === HTML_LANG.en ? 'zh-cn' : 'en';
    if (translation !== translatedPath(path, other)) return [`${path} switches to ${translation}`];
    const target = known.get(translation);
    if (!target) return [`${path} switches to ${translation}, and there is no such page`];
    return target.lang === HTML_LANG[other] ? [] : [`${path} switches to ${translation}, which is in ${target.lang}`];
  });
}
