import type { ResolveOutcome } from '../../src/resolution/resolution.ts';
import { askScenario, installedOf, poolOfScenario } from '../scenarios/answer-scenario.ts';
import { parseScenario } from '../scenarios/scenario.ts';

/** Answers the first request of a scenario (test/scenarios/README.md) that is written in a test, without its title. */
export function solveText(text: string): ResolveOutcome {
  const scenario = parseScenario(`# a test\n${text}\n`, 'a test');
  return askScenario(poolOfScenario(scenario), scenario.requests[0]!, installedOf(scenario));
}

/** `name-version` of each package of the answer, sorted. */
export function packagesOf(text: string): string[] {
  const outcome = solveText(text);
  if (outcome.kind === 'unsolvable') throw new Error(outcome.problems.map((problem) => problem.text).join('\n'));
  return outcome.packages.map(({ name, version }) => `${name}-${version}`).sort();
}

/** The texts of the problems of a request that cannot be solved. */
export function problemsOf(text: string): string[] {
  const outcome = solveText(text);
  if (outcome.kind === 'solved') throw new Error('solved');
  return outcome.problems.map((problem) => problem.text);
}
