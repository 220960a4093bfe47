import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StepState } from '../../protocol/state.ts';
import type { RunResult } from '../machines/driver.ts';
import { FirstSurveys } from '../map/first-surveys.ts';
import { FRESH, told } from '../map/survey-fixture.ts';
import { Metrics } from '../metrics/metrics.ts';
import { QUIET_LOG } from '../testing/quiet-log.ts';
import { TEST_LAB } from '../testing/test-lab.ts';
import { MapKeeper } from './map-keeper.ts';

const [step] = TEST_LAB.steps;
assert.ok(step);
const LAB = { ...TEST_LAB, mapAfter: step.id };

/** A keeper of a lab that withholds its map; `state` is what its step is like. */
function scene(state: Pick<StepState, 'earned' | 'prepared'>) {
  const steps: StepState[] = [{ id: LAB.mapAfter, checks: [], verdict: [], ...state }];
  const seen = { surveys: 0, changes: 0, steps };
  const drawn = Promise.withResolvers<void>();
  const changed = () => {
    seen.changes += 1;
    if (keeper.map?.kind === 'drawn') drawn.resolve();
  };
  const keeper: MapKeeper = new MapKeeper(
    {
      ...{ lab: LAB, log: QUIET_LOG, metrics: new Metrics(), firstSurveys: new FirstSurveys() },
      events: { changed, earned: () => {} },
    },
    {
      ...{ refs: undefined, hasActed: () => true, isHeld: () => false, steps: () => seen.steps },
      run: async (): Promise<RunResult> => {
        seen.surveys += 1;
        return { status: 0, timedOut: false, stdout: told(FRESH), stderr: '', truncated: false };
      },
    },
  );
  return { keeper, seen, drawn: drawn.promise };
}

describe('a map that its lab withholds', () => {
  it('is not drawn, nor the machine looked at, until the step is done', async () => {
    const { keeper, seen, drawn } = scene({ earned: false, prepared: false });
    using _keeper = keeper;
    keeper.setWatched(true);
    keeper.noteActivity('host');
    assert.deepEqual([keeper.map, seen.surveys], [{ kind: 'withheld', after: step.id }, 0]);
    seen.steps = seen.steps.map((one) => ({ ...one, earned: true }));
    keeper.review();
    assert.equal(keeper.map, null, 'it is on its way');
    await drawn;
    assert.ok(seen.surveys > 0);
  });

  it('is drawn at once where the step was done before the sandbox began', async () => {
    const { keeper, drawn } = scene({ earned: false, prepared: true });
    using _keeper = keeper;
    keeper.setWatched(true);
    await drawn;
  });

  it('is withheld no more once its author says so', async () => {
    const { keeper, drawn } = scene({ earned: false, prepared: false });
    using _keeper = keeper;
    keeper.setWatched(true);
    keeper.revise(TEST_LAB);
    await drawn;
  });
});
