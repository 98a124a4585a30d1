/** The result of a signature check of one file. Only `good` is trusted; every other kind has a reason. */
export type SignatureResult =
  | {
      readonly kind: 'good';
      /** Fingerprint of the primary key, upper-case hex. */
      readonly fingerprint: string;
      readonly signedAt: Date;
      /** Set if the key expires; signatures made before that stay good. */
      readonly keyExpiresAt?: Date;
    }
  | { readonly kind: 'unsigned' }
  | { readonly kind: 'unknown-key'; readonly keyId: string }
  /** Signed after the key expired. */
  | { readonly kind: 'expired'; readonly fingerprint: string; readonly signedAt: Date; readonly expiredAt: Date }
  /** Neither proved nor disproved: a weak hash, or an unsupported version or algorithm. */
  | { readonly kind: 'unsupported'; readonly reason: string; readonly what: 'hash' | 'packet' }
  | { readonly kind: 'bad'; readonly reason: string }
  | { readonly kind: 'altered-header'; readonly reason: string }
  | { readonly kind: 'altered-payload'; readonly reason: string };
