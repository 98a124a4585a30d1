/** What was decided for a module before its dependencies are looked at. */
export interface ModuleState {
  readonly kind: 'enabled' | 'disabled' | 'default';
  /** Empty for a disabled module. */
  readonly stream: string;
}
