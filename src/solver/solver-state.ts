import type { SolverPool } from '../pool/solver-pool.ts';
import type { Budget } from './budget.ts';
import type { ProviderLists } from './provider-lists.ts';
import type { SolverRequest } from './request.ts';
import type { RichNormalizer } from './rich-dependencies.ts';
import type { RuleStore } from './rule-store.ts';
import type { Search } from './search.ts';
import type { System } from './system.ts';

/** The state that all steps of one solve share. */
export interface SolverState {
  readonly pool: SolverPool;
  readonly request: SolverRequest;
  readonly lists: ProviderLists;
  readonly rules: RuleStore;
  readonly search: Search;
  readonly normalizer: RichNormalizer;
  readonly system: System;
  readonly budget: Budget;
}
