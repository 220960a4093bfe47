import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lessonPath, translatedPath } from './paths.ts';

test('a lesson of the default language has no prefix', () => {
  assert.equal(lessonPath('zh-cn', 'docker-group'), '/lessons/docker-group/');
  assert.equal(lessonPath('en', 'docker-group'), '/en/lessons/docker-group/');
});

test('the language switch keeps the page', () => {
  assert.equal(translatedPath('/lessons/docker-group/', 'en'), '/en/lessons/docker-group/');
  assert.equal(translatedPath('/en/lessons/docker-group/', 'zh-cn'), '/lessons/docker-group/');
  assert.equal(translatedPath('/en/', 'zh-cn'), '/');
  assert.equal(translatedPath('/', 'en'), '/en/');
});

test('the page for what is not found has one in the other language, too', () => {
  for (const path of ['/404', '/404/', '/404.html']) assert.equal(translatedPath(path, 'en'), '/en/404/');
  assert.equal(translatedPath('/en/404/', 'zh-cn'), '/404.html');
});

test('a path that merely begins with the letters of a locale is not taken for one', () => {
  assert.equal(translatedPath('/english/', 'en'), '/en/english/');
});
