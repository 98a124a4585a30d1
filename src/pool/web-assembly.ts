/** What is used of WebAssembly, for which the types of Node 20 and the language have nothing. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

interface WasmModule {
  readonly kind?: 'module';
}

interface WasmNamespace {
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (
    module: WasmModule,
    imports: Readonly<Record<string, Readonly<Record<string, (...args: number[]) => unknown>>>>,
  ) => { readonly exports: unknown };
  readonly RuntimeError: new () => Error;
}

export type CompiledModule = WasmModule;

export const { Module, Instance, RuntimeError } = (globalThis as unknown as { WebAssembly: WasmNamespace }).WebAssembly;
