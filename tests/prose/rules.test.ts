import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findBreaches } from './findings.ts';
import { textsOf as labTexts } from './read-labs.ts';
import { textsOf as lessonTexts } from './read-lessons.ts';
import { RULES } from './rules.ts';

function breachesOf(source: string, language = 'zh-cn'): string[] {
  return findBreaches(lessonTexts(`content/${language}/a.mdx`, source), RULES);
}

/** What is wrong, and what the message says to write. */
const WRONG: readonly (readonly [zh: string, instead: string])[] = [
  ['用docker命令', '用 d'],
  ['先停掉`dockerd`再说', '掉 x'],
  ['第2课', '第 2'],
  ['先看,再做', '看，'],
  ['主机(dock)', '机（'],
  ['用 TLS ，也用 SSH', 'S，'],
  ['一句。 Docker', '。D'],
  ['一行\n又一行', '行又'],
  ['２３７５ 端口', '2'],
  ['当心！', '。'],
  ['每个账户都一样', '账号'],
];

for (const [source, instead] of WRONG) {
  test(`in Chinese, "${source.replace('\n', '↵')}" is told what to write`, () => {
    const [first = ''] = breachesOf(source);
    assert.ok(first.startsWith('content/zh-cn/a.mdx:1: …'), first);
    assert.ok(first.endsWith(`; write "${instead}"`), first);
  });
}

test('quotation marks of another kind are found, and those in code are nobody’s business', () => {
  assert.equal(breachesOf('他说"好"').length, 2);
  assert.equal(breachesOf('他说「好」').length, 2);
  assert.deepEqual(breachesOf('他说“好”：`echo "ok"`，[文档](https://a.test/?b="c")。'), []);
});

test('right Chinese passes: bold with a full stop, tables, code, breaks beside Latin', () => {
  const source =
    '---\ntitle: 守护进程\n---\n\n- **吊销不了。** dockerd 没有名单；**组**由谁定。\n\n| 谁 | `docker` 组 |\n| -- | -- |\n\n用\nTLS 加密。\n\n```sh\n用docker\n```\n';
  assert.deepEqual(breachesOf(source), []);
});

test('English: double spaces, exclamation marks, curly apostrophes, American spelling', () => {
  const found = breachesOf('One  two.\n\nStop!\n\nalice’s\n\nA defense.\n\nThe color.\n', 'en');
  assert.deepEqual(
    found.map((line) => /:(\d+):/.exec(line)?.[1]),
    ['1', '3', '5', '7', '9'],
  );
  assert.ok(found[3]?.endsWith('write "defence"'), found[3]);
});

test('a lab is read in both languages, with the line of each text', () => {
  const texts = labTexts(
    'labs/a/lab.yaml',
    'title:\n  zh-cn: 用`id`看 {user}\n  en: >-\n    Ask\n    `id`.\nsteps: {}\n',
  );
  assert.deepEqual(
    texts.map(({ line, language, text }) => [line, language, text]),
    [
      [2, 'zh-cn', '用x看 x'],
      [3, 'en', 'Ask x.'],
    ],
  );
});
