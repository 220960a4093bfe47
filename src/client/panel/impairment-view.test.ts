import assert from 'node:assert/strict';
import { it } from 'node:test';
import { IMPAIRMENT_KINDS, type Impairment } from '../../../protocol/troubles.ts';
import { troublesEn } from '../strings/troubles-en.ts';
import { troublesZhCn } from '../strings/troubles-zh-cn.ts';
import { worstOf } from './impairment-view.ts';

const of = (kind: Impairment['kind'], machine = 'host'): Impairment => ({ machine, kind, what: '/run' });

it('tells of several impairments the one that is most in the way', () => {
  assert.equal(worstOf([]), null);
  assert.equal(worstOf([of('full'), of('tool')])?.kind, 'tool');
  assert.deepEqual(worstOf([of('full', 'a'), of('silent', 'b')]), of('silent', 'b'));
});

it('names the machine where there are several, and what it is about', () => {
  for (const texts of [troublesEn(false), troublesEn(true), troublesZhCn(false), troublesZhCn(true)]) {
    for (const kind of IMPAIRMENT_KINDS) {
      const [alone] = texts.impaired(of(kind), null);
      const [title] = texts.impaired(of(kind), 'desk');
      assert.ok(title.startsWith('desk') && title.endsWith(alone));
    }
    assert.match(texts.impaired(of('full'), null)[0], /^\/run /);
    assert.doesNotMatch(texts.impaired({ ...of('full'), what: '/' }, null)[0], /\//);
  }
});
