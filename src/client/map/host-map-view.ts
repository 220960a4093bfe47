import type { HostMap } from '../../../protocol/host-map.ts';
import type { AttemptState } from '../../../protocol/state.ts';
import { button, element } from '../dom/element.ts';
import { inlineNodes } from '../dom/inline-text.ts';
import { readPreference, writePreference } from '../dom/preference.ts';
import { keyed } from '../panel/keyed.ts';
import { pageLocale, strings } from '../strings/strings.ts';
import { compareMaps, type MapDifference } from './compare-maps.ts';
import { drawMap, type MapDrawing } from './map-drawing.ts';
import { icon } from './map-icons.ts';
import { mapSentences } from './map-text.ts';

/** Sentences about one change; more than that nobody reads in passing. */
const MOST_NEWS = 3;
/** What changed is marked for so long. */
const MARKED_MS = 4_000;
/** With less of the dock, in pixels, the terminal keeps all of it until somebody opens the map. */
const ROOM = { width: 480, height: 600 };

/** Below the terminals: who gets to the daemons of the machine, and in a line what has just changed. */
export class HostMapView {
  readonly element = element('div', { class: 'host-map' });
  readonly #toggle = button('', () => this.#setOpen(!this.#isOpen), {
    class: 'map-toggle',
    'aria-controls': 'host-map',
  });
  readonly #rest = element('p', { class: 'map-news' });
  /** Screen readers hear it as well: nothing else of the map is spoken by itself. */
  readonly #news = element('p', { class: 'map-news', role: 'status' });
  readonly #asText = button('', () => this.#setText(!this.#isText), { class: 'button tool' });
  readonly #body = element('div', { class: 'map-body', id: 'host-map', role: 'region', tabindex: '0' });
  #drawings: readonly MapDrawing[] = [];
  #sandbox: string | null = null;
  #shown: HostMap | null = null;
  #difference: MapDifference = compareMaps(null, null);
  /** Until its owner says otherwise, as the room allows. */
  #isOpen: boolean | null = openBefore();
  #isText = readPreference('map-text') === 'on';
  #unmarking: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    const head = element('div', { class: 'map-head' }, this.#toggle, this.#rest, this.#news, this.#asText);
    this.element.append(head, this.#body);
    new ResizeObserver(() => this.#place()).observe(this.#body);
  }

  /** Cheap to repeat. */
  update({ map, sandbox, steps }: AttemptState): void {
    if (this.#isOpen === null && this.element.isConnected) this.#isOpen = this.#hasRoom();
    if (sandbox?.id !== this.#sandbox) this.#forget(sandbox?.id ?? null);
    this.#compare(map);
    const text = strings().map;
    this.#body.setAttribute('aria-label', text.title);
    keyed(this.#toggle, [pageLocale()], () => [icon('reach'), text.title]);
    this.#toggle.setAttribute('aria-expanded', String(this.#isOpen ?? false));
    this.#asText.textContent = text.asText;
    this.#asText.setAttribute('aria-pressed', String(this.#isText));
    this.#asText.hidden = !this.#isOpen || map?.kind !== 'drawn';
    this.#body.hidden = !this.#isOpen || map?.kind === 'withheld';
    this.#toggle.disabled = map?.kind === 'withheld';
    const after = map?.kind === 'withheld' ? steps.findIndex(({ id }) => id === map.after) + 1 : 0;
    this.#tell(map, after);
    this.#draw(map, after);
  }

  #forget(sandbox: string | null): void {
    this.#sandbox = sandbox;
    this.#shown = null;
    this.#difference = compareMaps(null, null);
  }

  #compare(map: HostMap | null): void {
    if (JSON.stringify(map) === JSON.stringify(this.#shown)) return;
    const difference = compareMaps(this.#shown, map);
    this.#shown = map;
    if (difference.changes.length === 0) return;
    this.#difference = difference;
    clearTimeout(this.#unmarking);
    this.#unmarking = setTimeout(() => this.#unmark(), MARKED_MS);
  }

  #unmark(): void {
    for (const marked of this.#body.querySelectorAll('[data-touched]')) marked.removeAttribute('data-touched');
    this.#difference = { ...this.#difference, touched: new Set() };
  }

  #tell(map: HostMap | null, after: number): void {
    const text = strings().map;
    const changes = map?.kind === 'drawn' ? this.#difference.changes.slice(0, MOST_NEWS) : [];
    keyed(this.#news, [pageLocale(), changes], () =>
      inlineNodes(changes.map((change) => text.change(change)).join(text.joint)),
    );
    this.#rest.hidden = changes.length > 0;
    if (map === null) this.#rest.textContent = text.looking;
    else this.#rest.textContent = map.kind === 'withheld' ? text.withheld(after) : text.quiet;
  }

  #draw(map: HostMap | null, after: number): void {
    const text = strings().map;
    const isBuilt = keyed(this.#body, [pageLocale(), map, after, this.#isText], () => {
      this.#drawings = [];
      if (map?.kind !== 'drawn') return [];
      const { touched } = this.#difference;
      this.#drawings = map.hosts.map((host) => drawMap({ host, text, touched }));
      return map.hosts.flatMap((host, index) => [
        ...(map.hosts.length > 1 ? [element('p', { class: 'map-host' }, host.hostname)] : []),
        ...(this.#isText ? [] : [this.#drawings[index]?.element ?? '']),
        this.#list(mapSentences(host, text)),
      ]);
    });
    if (isBuilt) this.#place();
  }

  /** Whoever does not see the drawing has this instead, whether or not it is shown. */
  #list(sentences: readonly string[]): HTMLElement {
    const items = sentences.map((sentence) => element('li', {}, ...inlineNodes(sentence)));
    return element('ul', { class: this.#isText ? 'map-text' : 'map-text sr-only' }, ...items);
  }

  #place(): void {
    if (this.#isOpen && !this.#isText) for (const drawing of this.#drawings) drawing.place();
  }

  #setOpen(isOpen: boolean): void {
    this.#isOpen = isOpen;
    writePreference('map', isOpen ? 'open' : 'shut');
    this.#toggle.setAttribute('aria-expanded', String(isOpen));
    this.#body.hidden = !isOpen;
    this.#asText.hidden = !isOpen || this.#shown?.kind !== 'drawn';
    this.#place();
  }

  #setText(isText: boolean): void {
    this.#isText = isText;
    writePreference('map-text', isText ? 'on' : null);
    this.#asText.setAttribute('aria-pressed', String(isText));
    this.#draw(this.#shown, 0);
  }

  #hasRoom(): boolean {
    const { width, height } = this.element.closest('.dock')?.getBoundingClientRect() ?? { width: 0, height: 0 };
    return width >= ROOM.width && height >= ROOM.height;
  }
}

function openBefore(): boolean | null {
  const kept = readPreference('map');
  return kept === null ? null : kept === 'open';
}
