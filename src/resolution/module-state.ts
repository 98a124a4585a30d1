/** The selected state of a module before its dependencies are resolved. */
export interface ModuleState {
  readonly kind: 'enabled' | 'disabled' | 'default';
  /** Empty for a disabled module. */
  readonly stream: string;
}
