/** The result of a signature check of one file. Only `good` is trusted; every other kind has the reason. */
export type SignatureResult =
  | {
      readonly kind: 'good';
      /** Of the primary key, upper-case hex. */
      readonly fingerprint: string;
      readonly signedAt: Date;
      /** Set where the key has an end; signatures from before it stay good after it. */
      readonly keyExpiresAt?: Date;
    }
  | { readonly kind: 'unsigned' }
  | { readonly kind: 'unknown-key'; readonly keyId: string }
  /** Signed after the end of the key's life. */
  | { readonly kind: 'expired'; readonly fingerprint: string; readonly signedAt: Date; readonly expiredAt: Date }
  /** Nothing is known to be wrong, and nothing is proved: a weak hash, or a version or algorithm that is not read here. */
  | { readonly kind: 'unsupported'; readonly reason: string; readonly what: 'hash' | 'packet' }
  | { readonly kind: 'bad'; readonly reason: string }
  | { readonly kind: 'altered-header'; readonly reason: string }
  | { readonly kind: 'altered-payload'; readonly reason: string };
