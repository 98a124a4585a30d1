export interface StepBudget {
  steps: number;
}
