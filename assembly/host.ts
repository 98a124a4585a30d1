/** What the module asks of its host. Mistakes never return. */

/** Refuses the document: which mistake, where it is, and the bytes that the message names. */
export declare function fail(mistake: i32, at: usize, from: usize, to: usize): void;
/** The bytes at hand end inside of something: the host goes back and waits for more. */
export declare function incomplete(): void;
/** Refuses a head that is HTML, another encoding or no XML at all. */
export declare function checkHead(from: usize, to: usize): void;
/** Finds out where a file is by its location and its `xml:base`, which may be empty, and calls `place`. */
export declare function locate(from: usize, to: usize, baseFrom: usize, baseTo: usize): void;
/** The id of a rich dependency; 0 when it is none. */
export declare function rich(from: usize, to: usize): i32;
/** Writes a range of XML as the text it stands for; returns where that ends, or 0 when it is nothing that XML may have. */
export declare function decode(from: usize, to: usize, target: usize, kind: i32): usize;
/** How well an architecture fits the one that is solved for, 0 for not at all (src/pool/arch.ts). */
export declare function rank(from: usize, to: usize): i32;
