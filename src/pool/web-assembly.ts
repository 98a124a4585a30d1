/** The used parts of WebAssembly: neither the language nor the types of Node 20 declare them. */
export interface WasmMemory {
  readonly buffer: SharedArrayBuffer;
}

interface WasmModule {
  readonly kind?: 'module';
}

interface WasmNamespace {
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (
    module: WasmModule,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => { readonly exports: unknown };
  readonly Memory: new (size: { initial: number; maximum: number; shared: true }) => WasmMemory;
  readonly RuntimeError: new () => Error;
}

export type CompiledModule = WasmModule;

export const { Module, Instance, Memory, RuntimeError } = (globalThis as unknown as { WebAssembly: WasmNamespace }).WebAssembly;
